import re

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from raphe.errors import InputError
from raphe.formats.plain_text import MAX_BYTES, decode
from raphe.formats.yaml_text import MAX_DEPTH, parse_yaml
from strategies import VALUES


class Plain(yaml.SafeDumper):
    """Writes every value out."""

    def ignore_aliases(self, _):
        return True


def refusal(text):
    with pytest.raises(InputError) as raised:
        parse_yaml(text, "own.yaml")
    return [str(problem) for problem in raised.value.problems]


@settings(max_examples=200, deadline=None)
@example(-(10**17), False, False, None)
@given(VALUES, st.booleans(), st.booleans(), st.sampled_from([None, "'", '"', "|", ">"]))
def test_it_reads_what_pyyaml_wrote(value, flow, unicode, style):
    text = yaml.dump(
        value,
        Dumper=Plain,
        default_flow_style=flow,
        allow_unicode=unicode,
        default_style=style if isinstance(value, str) else None,
    )
    try:
        read = parse_yaml(text, "own.yaml").data
    except InputError as error:
        # PyYAML indents continued lines of a text with the tabs that it begins with.
        assert all("tab" in one.what for one in error.problems)  # noqa: PT017
    else:
        assert read == yaml.safe_load(text)
        assert repr(read) == repr(yaml.safe_load(text))


#: Fragments from which documents, and what nearly is one, are made.
PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "b: ",
            "- ",
            "  ",
            "\n",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            '"',
            "# ",
            "? ",
            ": ",
            "|\n",
            "1",
            "~",
            "true",
            "1.5e3",
            "µ",
            "-",
            "...",
        ]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(PIECES)
def test_it_reads_what_libyaml_reads_and_nothing_else(text):
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        refusal(text)
        return
    try:
        source = parse_yaml(text, "own.yaml")
    except InputError as error:
        assert all(  # noqa: PT017
            re.search("second time|a key is a list", problem.what) for problem in error.problems
        )
    else:
        assert source.data == (meaning(tree) if tree else None)


def meaning(node):
    """What a tree of PyYAML's nodes says in the core schema of YAML 1.2; written like the rule."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: meaning(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [meaning(item) for item in node.value]
    text = node.value
    if node.style:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch("[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "y", "n", "No", "TRUE", "NULL", "0x1f", "1_000"]
)
def test_words_of_yaml_1_1_are_words(word):
    assert parse_yaml(f"a: {word}", "own.yaml").data == {"a": word}


def test_numbers_are_numbers_unless_they_are_too_long_to_be_counted():
    data = parse_yaml(
        "[-3, 007, +1, .5, 1., 1e3, 1.5E-3, 123456789012345678, 1234567890123456789]", ""
    ).data
    assert data == [-3, 7, 1, 0.5, 1.0, 1000.0, 0.0015, 123456789012345678, "1234567890123456789"]
    assert [type(one) for one in data] == [int] * 3 + [float] * 4 + [int, str]


def test_quotes_make_a_text_of_anything():
    data = parse_yaml("""{a: "1", b: 'true', c: "", d: ! 1}""", "").data
    assert data == {"a": "1", "b": "true", "c": "", "d": "1"}


def test_places_are_those_of_an_editor():
    source = parse_yaml("a:\n  - x\n  - {µ: 1,\n     c: [2]}\n", "own.yaml")
    assert source.keys == {("a",): (1, 1), ("a", 1, "µ"): (3, 6), ("a", 1, "c"): (4, 6)}
    assert source.values == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 1): (3, 5),
        ("a", 1, "µ"): (3, 9),
        ("a", 1, "c"): (4, 9),
        ("a", 1, "c", 0): (4, 10),
    }


def test_a_problem_stands_where_it_is_or_at_what_is_nearest_above():
    source = parse_yaml("a:\n  b: 1\n", "own.yaml")
    assert str(source.problem(("a", "b"), "x.")) == "own.yaml:2:6: x."
    assert str(source.problem(("a", "b"), "x.", at_key=True)) == "own.yaml:2:3: x."
    assert str(source.problem(("a", "c", 3), "x.", at_key=True)) == "own.yaml:2:3: x."
    assert str(source.problem(("z",), "x.")) == "own.yaml:1:1: x."


def test_every_key_that_stands_twice_is_named():
    assert refusal("a: 1\nb: {c: 1, c: 2}\na: 3\na: 4\n") == [
        "own.yaml:2:11: key 'c' stands here a second time. "
        "The first is in line 2; keep one of them.",
        "own.yaml:3:1: key 'a' stands here a second time. "
        "The first is in line 1; keep one of them.",
        "own.yaml:4:1: key 'a' stands here a second time. "
        "The first is in line 1; keep one of them.",
    ]


def test_every_tab_that_indents_is_named():
    assert refusal("a:\n\tb: 1\n  \tc: 2\n") == [
        "own.yaml:2:1: a tab indents the line. Indent with spaces.",
        "own.yaml:3:3: a tab indents the line. Indent with spaces.",
    ]


def test_a_tab_inside_a_text_is_text():
    assert parse_yaml('a: "b\tc"', "").data == {"a": "b\tc"}


def test_control_characters_are_named():
    assert refusal("a: b\x00\x07\nc: \x1b[31m\n") == [
        "own.yaml:1:5: control character U+0000. Delete it.",
        "own.yaml:2:4: control character U+001B. Delete it.",
    ]


def test_depth_is_bounded_and_allowed_up_to_there():
    assert parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "").data
    assert "nested more than 16 levels" in refusal("[" * 100_000)[0]
    assert "nested more than 16 levels" in refusal("- " * 17)[0]
    assert "nested more than 16 levels" in refusal("{a: " * 17)[0]


def test_the_number_of_values_is_bounded():
    assert refusal("[" + ",".join("1" * 400_000) + "]")[0].endswith(
        "more than 400,000 values. Split it."
    )


def test_a_bomb_of_aliases_does_not_go_off():
    lines = ["a: &a [x, x]"] + [
        f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert refusal("\n".join(lines)) == [
        "own.yaml:1:4: '&a' is an anchor. "
        "Write the value out, or put a text that begins with & in quotes."
    ]


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system [ls]", "!!str 1", "!own 1", "!<tag:x> 1"]
)
def test_tags_are_refused(tag):
    assert "is a tag" in refusal(f"a: {tag}")[0]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xef\xbb\xbfdrug: x", "own.yaml:1:1: the file begins with a byte order mark."),
        ("drug: x".encode("utf-16"), "own.yaml:1:1: the file begins with a byte order mark."),
        (
            "a: é\ntitle: 5 µM".encode().replace(b"\xc2\xb5", b"\xb5"),
            "own.yaml:2:10: byte 0xb5 ",
        ),
        ("é: µ".encode() + b"\xff", "own.yaml:1:5: byte 0xff is not UTF-8."),
        (
            b"a" * (MAX_BYTES + 1),
            "own.yaml: the file has 4.0 MB; a knowledge file has at most 4 MB.",
        ),
    ],
)
def test_bytes_that_are_no_text_are_refused(raw, message):
    with pytest.raises(InputError) as raised:
        decode(raw, "own.yaml")
    assert str(raised.value).startswith(message)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_any_bytes_are_read_or_refused_in_words(raw):
    try:
        parse_yaml(decode(raw, "own.yaml"), "own.yaml")
    except InputError as error:
        assert error.problems  # noqa: PT017
        assert all(str(one).startswith("own.yaml:") for one in error.problems)  # noqa: PT017


def test_the_parser_in_python_says_the_same(monkeypatch):
    """Where PyYAML was installed without libyaml."""
    texts = {
        "a: b: c": "a ':' stands where none may",
        'a: "b': "does not close",
        "a: [b": "a ',' or ']' is missing",
        "a: {b: c": "a ',' or '}' is missing",
        "a: 1\n b: 2": "",
        "a:\n    b: 1\n  c: 2": "does not line up",
        "a: @b": "may not begin with this character",
        'a: "\\d"': "unknown escape",
    }
    with_libyaml = {text: refusal(text) for text in texts}
    monkeypatch.delattr(yaml, "CSafeLoader")
    for text, message in texts.items():
        (problem,) = refusal(text)
        assert message in problem
        assert message in with_libyaml[text][0]
