"""Figures to draw in tests. Their biology is for show: nothing is curated from them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from raphe.diagram.figure import (
    Cluster,
    Edge,
    Figure,
    Ground,
    Kind,
    Node,
    Process,
    Role,
    State,
)
from raphe.sign import Sign

MINUS = Sign.NEGATIVE


def explaining(*names: str) -> tuple[Edge, ...]:
    """A path on which each node activates the next, told as the explanation."""
    return tuple(Edge(one, two, role=Role.EXPLAINING) for one, two in itertools.pairwise(names))


def given(drug: str, *targets: str, sign: Sign = MINUS) -> tuple[Edge, ...]:
    """Edges from a drug to its targets."""
    return tuple(Edge(drug, target, sign, role=Role.DRUG) for target in targets)


def silenced(source: str, target: str, sign: Sign = Sign.POSITIVE) -> Edge:
    """An edge that a drug has silenced."""
    return Edge(source, target, sign, role=Role.SILENCED)


def alpha2_loop() -> Figure:
    """A prediction on a pathway: mirtazapine at auto- and heteroreceptors."""
    up, blocked = State.UP, State.BLOCKED
    return Figure(
        "Mirtazapine at the α₂ auto- and heteroreceptor loop",
        "predicted direction of change · chronic regimen · compared with vehicle",
        clusters=(
            Cluster("LC", "noradrenergic neuron", Ground.TERMINAL, note="locus coeruleus"),
            Cluster("LC membrane", "presynaptic membrane", Ground.MEMBRANE, "LC"),
            Cluster("DRN", "serotonergic neuron", Ground.NEURON, note="dorsal raphe", order=1),
            Cluster("DRN membrane", "membrane", Ground.MEMBRANE, "DRN"),
            Cluster("cortex", "postsynaptic neuron", Ground.REGION, note="forebrain", order=2),
            Cluster("cortex membrane", "postsynaptic membrane", Ground.MEMBRANE, "cortex"),
        ),
        nodes=(
            Node("LC.firing", "LC firing", Kind.FIRING, "", "LC", up, 0.93, True),
            Node("LC.release", "NA release", Kind.PROCESS, "", "LC membrane", up, 0.95, True),
            Node("LC.alpha2A", "α₂A-AR", Kind.RECEPTOR, "autoreceptor", "LC membrane", blocked),
            Node("mirtazapine", "mirtazapine", Kind.DRUG),
            Node("NE", "NA", Kind.TRANSMITTER, state=up, probability=0.97, explaining=True),
            Node(
                "DRN.alpha1",
                "α₁-AR",
                Kind.RECEPTOR,
                "somatodendritic",
                "DRN membrane",
                up,
                0.9,
                True,
            ),
            Node("DRN.alpha2", "α₂-AR", Kind.RECEPTOR, "heteroreceptor", "DRN membrane", blocked),
            Node("DRN.firing", "DRN firing", Kind.FIRING, "", "DRN", up, 0.88, True),
            Node("DRN.release", "5-HT release", Kind.PROCESS, "", "DRN", up, 0.9, True),
            Node("5-HT", "5-HT", Kind.TRANSMITTER, state=up, probability=0.9, explaining=True),
            Node("5-HT1A", "5-HT₁A", Kind.RECEPTOR, "", "cortex membrane", up, 0.9, True),
            Node("5-HT2", "5-HT₂A/₂C", Kind.RECEPTOR, "", "cortex membrane", blocked),
            Node("5-HT3", "5-HT₃", Kind.RECEPTOR, "", "cortex membrane", blocked),
            Node("mood", "antidepressant-like effect", Kind.PHENOTYPE, "", "cortex", up, 0.8, True),
            Node("nausea", "nausea · anxiety", Kind.PHENOTYPE, "", "cortex", State.DOWN, 0.7),
        ),
        edges=(
            *explaining(
                "LC.firing",
                "LC.release",
                "NE",
                "DRN.alpha1",
                "DRN.firing",
                "DRN.release",
                "5-HT",
                "5-HT1A",
                "mood",
            ),
            silenced("NE", "LC.alpha2A"),
            silenced("LC.alpha2A", "LC.release", MINUS),
            silenced("NE", "DRN.alpha2"),
            silenced("DRN.alpha2", "DRN.release", MINUS),
            silenced("5-HT", "5-HT2"),
            silenced("5-HT", "5-HT3"),
            silenced("5-HT2", "nausea"),
            silenced("5-HT3", "nausea"),
            *given("mirtazapine", "LC.alpha2A", "DRN.alpha2", "5-HT2", "5-HT3"),
        ),
    )


def beta_gs() -> Figure:
    """A mechanism: a cascade from receptor to gene, with drug entry points."""
    return Figure(
        "β-adrenergic → Gₛ → cAMP → CREB → BDNF",
        "canonical cascade, with drug entry points",
        clusters=(
            Cluster("outside", "extracellular", Ground.EXTRACELLULAR),
            Cluster("membrane", "plasma membrane", Ground.MEMBRANE, order=1),
            Cluster("cytosol", "cytosol", Ground.CYTOSOL, order=2),
            Cluster("nucleus", "nucleus", Ground.NUCLEUS, "cytosol"),
        ),
        nodes=(
            Node("NE", "noradrenaline", Kind.TRANSMITTER, "", "outside"),
            Node("propranolol", "propranolol", Kind.DRUG),
            Node("isoprenaline", "isoprenaline", Kind.DRUG),
            Node("rolipram", "rolipram", Kind.DRUG),
            Node("beta1", "β₁-AR", Kind.RECEPTOR, "ADRB1", "membrane"),
            Node("Gs", "Gₛ αβγ", Kind.G_PROTEIN, "GNAS", "membrane"),
            Node("AC", "AC", Kind.ENZYME, "ADCY1/8", "membrane"),
            Node("cAMP", "cAMP", Kind.SECOND_MESSENGER, "", "cytosol"),
            Node("PDE4", "PDE4", Kind.ENZYME, "", "cytosol"),
            Node("PKA", "PKA", Kind.KINASE, "PRKACA", "cytosol"),
            Node("GRK2", "GRK2 · β-arrestin2", Kind.KINASE, "", "cytosol"),
            Node("CREB", "CREB pS133", Kind.TRANSCRIPTION_FACTOR, "CREB1", "nucleus"),
            Node("BDNF", "BDNF promoter IV", Kind.GENE, "", "nucleus"),
            Node("BDNF.mRNA", "BDNF mRNA", Kind.MRNA, "", "nucleus"),
            Node("plasticity", "synaptic plasticity", Kind.PHENOTYPE),
        ),
        edges=(
            Edge("NE", "beta1"),
            *given("propranolol", "beta1"),
            *given("isoprenaline", "beta1", sign=Sign.POSITIVE),
            *given("rolipram", "PDE4"),
            Edge("beta1", "Gs"),
            Edge("Gs", "AC"),
            Edge("AC", "cAMP", process=Process.CATALYSIS),
            Edge("PDE4", "cAMP", MINUS, process=Process.DEGRADATION),
            Edge("cAMP", "PKA"),
            Edge("PKA", "GRK2", process=Process.PHOSPHORYLATION),
            Edge("GRK2", "beta1", MINUS, slow=True),
            Edge("PKA", "CREB", process=Process.PHOSPHORYLATION),
            Edge("CREB", "BDNF"),
            Edge("BDNF", "BDNF.mRNA", process=Process.TRANSCRIPTION),
            Edge("BDNF.mRNA", "plasticity"),
        ),
        core=frozenset({"beta1", "Gs", "AC", "cAMP", "PKA"}),
    )


def alpha2_gi() -> Figure:
    """A mechanism that fans out in the membrane and comes back to its start."""
    return Figure(
        "α₂ → Gᵢ/ₒ: less cAMP, less calcium, less firing",
        "canonical cascade, with drug entry points",
        clusters=(
            Cluster("outside", "extracellular", Ground.EXTRACELLULAR),
            Cluster("membrane", "plasma membrane", Ground.MEMBRANE, order=1),
            Cluster("cytosol", "cytosol", Ground.CYTOSOL, order=2),
        ),
        nodes=(
            Node("NE", "noradrenaline", Kind.TRANSMITTER, "", "outside"),
            Node("mirtazapine", "mirtazapine", Kind.DRUG),
            Node("clonidine", "clonidine", Kind.DRUG),
            Node("alpha2A", "α₂A-AR", Kind.RECEPTOR, "ADRA2A", "membrane"),
            Node("Gi", "Gᵢ/ₒ αβγ", Kind.G_PROTEIN, "GNAI1/GNAO1", "membrane"),
            Node("AC", "AC", Kind.ENZYME, "ADCY1/8", "membrane"),
            Node("GIRK", "GIRK", Kind.CHANNEL, "KCNJ3/6", "membrane"),
            Node("Cav", "Caᵥ2.2", Kind.CHANNEL, "CACNA1B", "membrane"),
            Node("cAMP", "cAMP", Kind.SECOND_MESSENGER, "", "cytosol"),
            Node("PKA", "PKA", Kind.KINASE, "PRKACA", "cytosol"),
            Node("K", "K⁺ efflux", Kind.PROCESS, "", "cytosol"),
            Node("Ca", "Ca²⁺", Kind.SECOND_MESSENGER, "", "cytosol"),
            Node("firing", "firing", Kind.FIRING, "", "cytosol"),
            Node("release", "NA release", Kind.PROCESS, "", "cytosol"),
            Node("vesicles", "vesicular NA", Kind.STORE, "", "cytosol"),
        ),
        edges=(
            Edge("NE", "alpha2A"),
            *given("mirtazapine", "alpha2A"),
            *given("clonidine", "alpha2A", sign=Sign.POSITIVE),
            Edge("alpha2A", "Gi"),
            Edge("Gi", "AC", MINUS),
            Edge("Gi", "GIRK"),
            Edge("Gi", "Cav", MINUS),
            Edge("AC", "cAMP", process=Process.CATALYSIS),
            Edge("cAMP", "PKA"),
            Edge("GIRK", "K"),
            Edge("Cav", "Ca"),
            Edge("K", "firing", MINUS),
            Edge("firing", "release"),
            Edge("Ca", "release"),
            Edge("PKA", "release"),
            Edge("vesicles", "release"),
            Edge("release", "NE", process=Process.RELEASE),
        ),
    )


def circuit() -> Figure:
    """As cut from a declared circuit: four places, two drugs, no hints."""
    up, down, ambiguous, blocked = State.UP, State.DOWN, State.AMBIGUOUS, State.BLOCKED
    terminal = "cortex.NE_terminal"
    return Figure(
        "Mirtazapine and desipramine in the monoamine circuit",
        "predicted direction of change · chronic regimen · compared with vehicle · prior: curated",
        clusters=(
            Cluster("LC", "locus coeruleus", Ground.NEURON, note="noradrenergic neuron"),
            Cluster("LC membrane", "membrane", Ground.MEMBRANE, "LC"),
            Cluster("DRN", "dorsal raphe nucleus", Ground.NEURON, note="serotonergic neuron"),
            Cluster("DRN membrane", "membrane", Ground.MEMBRANE, "DRN"),
            Cluster("cortex", "prefrontal cortex", Ground.REGION),
            Cluster(terminal, "noradrenergic terminal", Ground.TERMINAL, "cortex"),
            Cluster(f"{terminal} membrane", "membrane", Ground.MEMBRANE, terminal),
            Cluster("cortex membrane", "membrane", Ground.MEMBRANE, "cortex"),
            Cluster("VTA", "ventral tegmental area", Ground.NEURON, note="dopaminergic neuron"),
            Cluster("VTA membrane", "membrane", Ground.MEMBRANE, "VTA"),
        ),
        nodes=(
            Node("desipramine", "desipramine", Kind.DRUG),
            Node("mirtazapine", "mirtazapine", Kind.DRUG),
            Node("LC.firing", "LC firing", Kind.FIRING, "", "LC", ambiguous, 0.52),
            Node("LC.alpha2A", "α₂A-AR", Kind.RECEPTOR, "autoreceptor", "LC membrane", blocked),
            Node("LC.NE", "NA", Kind.TRANSMITTER, "", "LC", up, 0.9),
            Node("LC.NET", "NET", Kind.TRANSPORTER, "SLC6A2", "LC membrane", blocked),
            Node("DRN.firing", "DRN firing", Kind.FIRING, "", "DRN", up, 0.88, True),
            Node("DRN.alpha1", "α₁-AR", Kind.RECEPTOR, "", "DRN membrane", up, 0.9, True),
            Node("DRN.5-HT1A", "5-HT₁A", Kind.RECEPTOR, "autoreceptor", "DRN membrane", up),
            Node("DRN.NE", "NA", Kind.TRANSMITTER, "", "DRN", up, 0.9, True),
            Node("DRN.5-HT", "5-HT", Kind.TRANSMITTER, "", "DRN", up),
            Node("cortex.NE", "NA", Kind.TRANSMITTER, "", "cortex", up),
            Node("cortex.5-HT", "5-HT", Kind.TRANSMITTER, "", "cortex", up, 0.9, True),
            Node("cortex.DA", "DA", Kind.TRANSMITTER, "", "cortex", up),
            Node(
                f"{terminal}.alpha2A",
                "α₂A-AR",
                Kind.RECEPTOR,
                "autoreceptor",
                f"{terminal} membrane",
                blocked,
            ),
            Node(
                f"{terminal}.NET",
                "NET",
                Kind.TRANSPORTER,
                "SLC6A2",
                f"{terminal} membrane",
                blocked,
            ),
            Node(f"{terminal}.release", "NA release", Kind.PROCESS, "", terminal, up),
            Node("cortex.beta1", "β₁-AR", Kind.RECEPTOR, "", "cortex membrane", up),
            Node("cortex.beta1.density", "β₁ density", Kind.DENSITY, "", "cortex", down),
            Node("cortex.5-HT1A", "5-HT₁A", Kind.RECEPTOR, "", "cortex membrane", up, 0.9, True),
            Node("cortex.5-HT2A", "5-HT₂A", Kind.RECEPTOR, "", "cortex membrane", blocked),
            Node(
                "cortex.firing",
                "pyramidal cell firing",
                Kind.FIRING,
                "",
                "cortex",
                ambiguous,
                0.55,
                True,
            ),
            Node("VTA.firing", "VTA firing", Kind.FIRING, "", "VTA", State.UNCHANGED, 0.8),
            Node("VTA.5-HT2C", "5-HT₂C", Kind.RECEPTOR, "", "VTA membrane", blocked),
        ),
        edges=(
            *given("desipramine", "LC.NET", f"{terminal}.NET"),
            *given(
                "mirtazapine", "LC.alpha2A", f"{terminal}.alpha2A", "cortex.5-HT2A", "VTA.5-HT2C"
            ),
            Edge("LC.firing", "LC.NE"),
            silenced("LC.NE", "LC.alpha2A"),
            silenced("LC.alpha2A", "LC.firing", MINUS),
            silenced("LC.NET", "LC.NE", MINUS),
            *explaining(
                "LC.firing", "DRN.NE", "DRN.alpha1", "DRN.firing", "cortex.5-HT", "cortex.5-HT1A"
            ),
            Edge("cortex.5-HT1A", "cortex.firing", MINUS, role=Role.EXPLAINING),
            Edge("DRN.firing", "DRN.5-HT"),
            Edge("DRN.5-HT", "DRN.5-HT1A"),
            Edge("DRN.5-HT1A", "DRN.firing", MINUS),
            Edge("DRN.5-HT1A", "DRN.5-HT1A", MINUS, slow=True),
            Edge("LC.firing", f"{terminal}.release"),
            Edge(f"{terminal}.release", "cortex.NE"),
            silenced("cortex.NE", f"{terminal}.alpha2A"),
            silenced(f"{terminal}.alpha2A", f"{terminal}.release", MINUS),
            silenced(f"{terminal}.NET", "cortex.NE", MINUS),
            Edge("cortex.NE", "cortex.beta1"),
            Edge("cortex.beta1", "cortex.beta1.density", MINUS, slow=True),
            Edge("cortex.beta1", "cortex.firing", Sign.UNKNOWN),
            silenced("cortex.5-HT", "cortex.5-HT2A"),
            silenced("cortex.5-HT2A", "cortex.firing"),
            silenced("DRN.firing", "VTA.5-HT2C"),
            silenced("VTA.5-HT2C", "VTA.firing", MINUS),
            Edge("VTA.firing", "cortex.DA"),
            Edge("cortex.firing", "DRN.firing"),
            Edge("cortex.firing", "VTA.firing"),
        ),
    )


def protocol(
    title: str, phases: Sequence[tuple[str, Sequence[tuple[str, str]]]], subtitle: str = ""
) -> Figure:
    """A workflow of steps, each after the one before it; a title with a star gives a drug."""
    clusters, nodes = [], []
    for order, (phase, steps) in enumerate(phases):
        clusters.append(Cluster(phase, phase, Ground.PHASE, order=order))
        for words, detail in steps:
            kind = Kind.DRUG if words.endswith("*") else Kind.STEP
            label = words.removesuffix("*")
            nodes.append(
                Node(f"step {len(nodes) + 1:02}", label, kind, detail, phase, order=len(nodes))
            )
    names = [node.id for node in nodes]
    edges = tuple(Edge(one, two) for one, two in itertools.pairwise(names))
    return Figure(title, subtitle, tuple(clusters), tuple(nodes), edges)


def microdialysis() -> Figure:
    """A workflow of eight steps, too wide for one row."""
    return protocol(
        "In vivo microdialysis",
        [
            (
                "Preparation",
                [
                    ("Stereotaxic surgery", "guide cannula · mPFC / HPC"),
                    ("Recovery", "24–48 h, freely moving animal"),
                ],
            ),
            (
                "Sampling",
                [
                    ("Perfusion (aCSF)", "until baseline is stable"),
                    ("Drug administration*", "s.c. / i.p. · acute or chronic"),
                    ("Dialysate fractions", "fixed time intervals"),
                ],
            ),
            (
                "Analysis",
                [
                    ("HPLC-ECD", "5-HT · NA · DA"),
                    ("% of baseline", "AUC · histology check"),
                    ("Statistics", "repeated-measures ANOVA"),
                ],
            ),
        ],
        "extracellular 5-HT, NA and DA after drug administration",
    )


def radioligand() -> Figure:
    """A workflow with three parallel branches."""
    step, drug = Kind.STEP, Kind.DRUG
    steps = (
        ("dissection", "Dissection", step, "frontal cortex, on ice", "Tissue", ()),
        ("membranes", "Membranes", step, "homogenise, wash", "Tissue", ("dissection",)),
        ("total", "Total binding", step, "[³H]RX821002", "Incubation", ("membranes",)),
        (
            "blank",
            "Non-specific binding",
            step,
            "+ 10 µM rauwolscine",
            "Incubation",
            ("membranes",),
        ),
        (
            "competition",
            "Competition",
            drug,
            "+ mirtazapine 10⁻¹⁰–10⁻⁴ M",
            "Incubation",
            ("membranes",),
        ),
        (
            "filtration",
            "Filtration",
            step,
            "GF/B, ice-cold wash",
            "Measurement",
            ("total", "blank", "competition"),
        ),
        ("counting", "Liquid scintillation", step, "dpm", "Measurement", ("filtration",)),
        ("specific", "Specific binding", step, "total − non-specific", "Analysis", ("counting",)),
        ("fit", "Bmax, Kd", step, "non-linear fit", "Analysis", ("specific",)),
        ("Ki", "IC₅₀ → Ki", step, "Cheng–Prusoff", "Analysis", ("specific",)),
    )
    phases = ("Tissue", "Incubation", "Measurement", "Analysis")
    return Figure(
        "Radioligand binding",
        "saturation and competition at α₂-adrenoceptors in membranes of rat cortex",
        clusters=tuple(
            Cluster(phase, phase, Ground.PHASE, order=order) for order, phase in enumerate(phases)
        ),
        nodes=tuple(
            Node(name, label, kind, detail, phase, order=order)
            for order, (name, label, kind, detail, phase, _) in enumerate(steps)
        ),
        edges=tuple(Edge(before, one[0]) for one in steps for before in one[5]),
    )


def every() -> dict[str, Figure]:
    """All figures, by name."""
    makers = (alpha2_loop, beta_gs, alpha2_gi, circuit, microdialysis, radioligand)
    return {maker.__name__: maker() for maker in makers}
