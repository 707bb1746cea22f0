import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from raphe.grades import STRENGTHS, TONES
from raphe.kinds import Compartment, NodeKind
from raphe.pathway import ARROWS, Cascade, Circuit, Edge, Include, Node
from raphe.sign import Sign
from raphe.units import Interval
from strategies import NAMES, cascades, circuits

ENDS = st.sampled_from(NAMES)


@pytest.mark.parametrize(
    ("arrow", "sign", "slow"),
    [
        ("->", Sign.POSITIVE, False),
        ("-|", Sign.NEGATIVE, False),
        ("-?", Sign.UNKNOWN, False),
        ("~>", Sign.POSITIVE, True),
        ("~|", Sign.NEGATIVE, True),
        ("~?", Sign.UNKNOWN, True),
    ],
)
def test_an_arrow_says_the_sign_and_the_speed(arrow, sign, slow):
    edge = Edge.model_validate(f"alpha2A {arrow} firing")
    assert (edge.source, edge.target, edge.sign, edge.slow) == ("alpha2A", "firing", sign, slow)


@given(ENDS, st.sampled_from(list(ARROWS)), ENDS)
def test_an_edge_is_printed_as_it_was_written(source, arrow, target):
    text = f"{source} {arrow} {target}"
    assert str(Edge.model_validate(text)) == text
    assert Edge.model_validate({text: None}) == Edge.model_validate(
        f"  {source}   {arrow} {target} "
    )


def test_attributes_stand_under_the_arrow():
    edge = Edge.model_validate({"A -> B": {"strength": "weak", "necessary": True}})
    assert edge.strength == STRENGTHS["weak"]
    assert edge.necessary


@pytest.mark.parametrize(
    "text",
    ["A --> B", "A->B", "A > B", "A ~ B", "-> B", "A ->", "A -> B C", "A - > B", "A → B", ""],
)
def test_what_is_no_arrow_is_refused(text):
    with pytest.raises(ValidationError, match="is not an edge"):
        Edge.model_validate(text)


def test_attributes_beside_the_arrow_are_recognised():
    with pytest.raises(ValidationError, match="stand beside 'A -> B'"):
        Edge.model_validate({"A -> B": None, "strength": "weak"})


def test_what_nobody_says_is_moderate_and_fast_to_lose():
    edge = Edge.model_validate("A -> B")
    assert edge.strength == Interval(0.3, 0.7)
    assert not edge.necessary


def test_the_classes_of_strength_follow_each_other_without_gaps():
    ranges = [STRENGTHS[name] for name in ("weak", "moderate", "strong", "dominant")]
    assert [one.high for one in ranges[:-1]] == [one.low for one in ranges[1:]]


@pytest.mark.parametrize("value", ["0.2 - 0.4", 0.3, 5, *STRENGTHS])
def test_a_strength_is_a_word_a_number_or_a_range(value):
    edge = Edge.model_validate({"A -> B": {"strength": value}})
    if isinstance(value, str) and value in STRENGTHS:
        assert edge.strength == STRENGTHS[value]
    else:
        assert edge.strength.low == float(str(value).split(" - ")[0])


@pytest.mark.parametrize(
    "value", ["", "very strong", 0, -0.3, "0 - 0.3", 5.1, "0.4 - 0.2", [0.3], None]
)
def test_a_strength_outside_of_its_bounds_is_refused(value):
    with pytest.raises(ValidationError, match="is not a strength"):
        Edge.model_validate({"A -> B": {"strength": value}})


@pytest.mark.parametrize("value", ["half", -0.1, 1.1, "0.5 - 1.5", "0.4 - 0.2", [0.3], True])
def test_a_tone_outside_of_its_bounds_is_refused(value):
    with pytest.raises(ValidationError, match="is not a tone"):
        Node(kind=NodeKind.RECEPTOR, tone=value)


def test_the_limits_of_a_tone_are_silent_and_full():
    assert Node(kind=NodeKind.RECEPTOR, tone=0).tone == TONES["silent"]
    assert Node(kind=NodeKind.RECEPTOR, tone=1).tone == TONES["full"]


@pytest.mark.parametrize(
    ("kind", "tone"),
    [
        (NodeKind.TRANSPORTER, 1.0),
        (NodeKind.TRANSMITTER, 1.0),
        (NodeKind.FIRING, 1.0),
        (NodeKind.DENSITY, 1.0),
        (NodeKind.KINASE, 0.5),
        (NodeKind.G_PROTEIN, 0.5),
    ],
)
def test_the_tone_of_a_kind_is_that_of_its_nodes(kind, tone):
    assert Node(kind=kind).resting_tone == Interval(tone, tone)
    assert Node(kind=kind, tone=0.2).resting_tone == Interval(0.2, 0.2)


def test_amounts_are_levels():
    levels = {kind.value for kind in NodeKind if kind.is_level}
    assert levels == {"transmitter", "firing", "mrna", "protein", "density", "function", "store"}


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        (NodeKind.RECEPTOR, Compartment.MEMBRANE),
        (NodeKind.TRANSMITTER, Compartment.EXTRACELLULAR),
        (NodeKind.TRANSCRIPTION_FACTOR, Compartment.NUCLEUS),
        (NodeKind.KINASE, Compartment.CYTOSOL),
    ],
)
def test_a_kind_has_its_usual_compartment(kind, where):
    assert Node(kind=kind).where is where
    assert Node(kind=kind, compartment="extracellular").where is Compartment.EXTRACELLULAR


@pytest.mark.parametrize(
    "name", ["LC", "5-HT", "alpha2A.function", "Ca2+", "β1", "cortex.5-HT1A", "2AG"]
)
def test_names_of_the_field_are_names(name):
    circuit = Circuit(circuit="own", title="Own", nodes={name: {"kind": "process"}})
    assert list(circuit.nodes) == [name]


@pytest.mark.parametrize(
    "name", ["", "my node", ".LC", "LC.", "a..b", "12", "-a", "a\nb", "<b>", "a/b", "a:b"]
)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValidationError, match="pattern"):
        Circuit(circuit="own", title="Own", nodes={name: {"kind": "process"}})
    if name:
        with pytest.raises(ValidationError, match="pattern"):
            Include.model_validate({"use": "gs", "as": name})


def test_one_target_may_stand_without_a_list():
    assert Node(kind=NodeKind.RECEPTOR, target="ADRA2A").target == ("ADRA2A",)
    assert Node(kind=NodeKind.RECEPTOR, target=["A", "B"]).target == ("A", "B")


@given(circuits())
def test_a_written_circuit_is_declared_whole(plain):
    circuit = Circuit.model_validate(plain)
    assert list(circuit.nodes) == list(plain["nodes"])
    written = [edge if isinstance(edge, str) else next(iter(edge)) for edge in plain["edges"]]
    assert list(map(str, circuit.edges)) == written


@given(cascades())
def test_what_is_declared_cannot_be_changed(plain):
    cascade = Cascade.model_validate(plain)
    with pytest.raises(ValidationError, match="frozen"):
        cascade.title = "another"
    assert cascade.name == "own"
