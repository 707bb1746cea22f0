"""Pictures: a figure becomes DOT text, the text a drawing, the drawing a finished SVG or PNG."""
