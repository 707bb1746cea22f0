"""Plain files of networks and observations, right and wrong."""

import pytest

from raphe.errors import InputError
from raphe.formats.sign_observations import read_observations
from raphe.formats.signed_graphs import read_signed_graph
from raphe.joint.problem import Influence
from raphe.sign import Change, Sign

GRAPH = [
    Influence("a", "b", Sign.POSITIVE),
    Influence("b", "c", Sign.NEGATIVE),
    Influence("c", "a", Sign.UNKNOWN),
]


@pytest.fixture
def write(tmp_path):
    def written(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def problems(read, path):
    with pytest.raises(InputError) as found:
        read(path)
    return [(one.line, one.what) for one in found.value.problems]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.cif", "% a network\na -> b\n!b -> c\n?c -> a\n"),
        ("a.sif", "a 1 b\nb\t-1\tc\nc ? a\n"),
        ("a.sif", "a activates b\nb inhibits c\nc unknown a\n"),
        ("a.sif", "a raises b\nb lowers c\nc ? a\n"),
        ("a.sif", "a increases b\nb decreases c\nc ? a\n"),
        ("a.tsv", "a\t1\tb\nb\t-1\tc\nc\t0\ta\n"),
        ("a.csv", "target,source,sign\nb,a,+\nc,b,-\na,c,?\n"),
        ("a.CSV", "Source,Interaction,Target\r\na,1,b\r\nb,-1,c\r\n\r\nc,?,a\r\n"),
    ],
)
def test_networks(write, name, text):
    assert list(read_signed_graph(write(name, text)).influences) == GRAPH


def test_what_acts_together_has_a_node_of_its_own(write):
    graph = read_signed_graph(write("a.cif", "a & !b -> c\n!b & a -> d\na -> d\n"))
    assert [str(one) for one in graph.influences] == [
        *("!b & a -> c", "!b & a -> d", "a -> !b & a", "a -> d", "b -| !b & a"),
    ]
    assert graph.joint == {"!b & a"}


def test_several_targets_and_single_nodes_of_sif(write):
    graph = read_signed_graph(write("a.sif", "a 1 b c\nlone\n"))
    assert [str(one) for one in graph.influences] == ["a -> b", "a -> c"]
    assert "lone" in graph.nodes


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.cif", " \n", (0, "the file is empty.")),
        ("a.cif", "% only a remark\n", (0, "no influence in the network.")),
        ("a.cif", "a -> b\na ->\n", (2, "'a ->' is no influence.")),
        ("a.cif", "a -> b -> c\n", (1, "'a -> b -> c' is no influence.")),
        ("a.cif", "! -> c\n", (1, "an influence of nothing.")),
        ("a.sif", "a 1 b\n\na 2 b\n", (3, "no sign '2'.")),
        ("a.sif", "a 1\n", (1, "'a 1' has a source and a sign, and no target.")),
        ("a.csv", "a,1\n", (1, "a row of 2 cells.")),
        ("a.csv", "a,1,\n", (1, "an influence without a source or a target.")),
        ("a.cif", b"a -> b\xb5\n", (1, "byte 0xb5 is not UTF-8.")),
    ],
)
def test_wrong_networks(write, name, text, expected):
    assert problems(read_signed_graph, write(name, text)) == [expected]


def test_all_wrong_lines_are_named_up_to_many(write):
    found = problems(read_signed_graph, write("a.sif", "a 2 b\n" * 30))
    assert len(found) == 21
    assert found[-1][1] == "10 more lines that cannot be read."


def test_observations(write):
    text = (
        "60min indole (15 ug/ml)\na = +\nb = -\nc = 0\nd = notPlus\ne = NotMinus\nf = changed\n"
        "a = input\ng = ambiguous\nc = MIN\nb = MAX\nNodes in net not observed: 3\n"
    )
    (one,) = read_observations(write("seen.obs", text))
    assert one.name == "seen"
    assert dict(one.observed) == {
        "a": Change.UP,
        "b": Change.DOWN,
        "c": Change.SAME,
        "d": Change.NOT_UP,
        "e": Change.NOT_DOWN,
        "f": Change.CHANGED,
    }
    assert (one.inputs, one.ambiguous) == ({"a"}, {"g"})
    assert (one.at_minimum, one.at_maximum) == ({"c"}, {"b"})


def test_what_is_said_twice_holds_together(write):
    (one,) = read_observations(
        write("seen.obs", "a = notPlus\na = notMinus\nb = +\nb = notMinus\n")
    )
    assert dict(one.observed) == {"a": Change.SAME, "b": Change.UP}


def test_tables_of_several_conditions(write):
    text = "node,direction,condition\na,+,first\nb,down,first\na,unchanged,second\n"
    first, second = read_observations(write("seen.csv", text))
    assert (first.name, dict(first.observed)) == ("first", {"a": Change.UP, "b": Change.DOWN})
    assert (second.name, dict(second.observed)) == ("second", {"a": Change.SAME})


def test_columns_in_any_order_beside_others(write):
    text = "p,Treatment,Gene,Change\n0.01,first,a,increased\n0.2,first,b,decreased\n,x,a,0\n"
    first, other = read_observations(write("seen.csv", text))
    assert (first.name, dict(first.observed)) == ("first", {"a": Change.UP, "b": Change.DOWN})
    assert (other.name, dict(other.observed)) == ("x", {"a": Change.SAME})


@pytest.mark.parametrize(
    "title",
    [
        "stationary_6",
        "snf2 knockout",
        "ybiQ  knockout no Mn",
        "wt+Leu v s.0wt-0Leu",
        "90 min, DMSO",
    ],
)
def test_titles(write, title):
    (one,) = read_observations(write("seen.obs", f"{title}\na = up\nb = unchanged\n"))
    assert dict(one.observed) == {"a": Change.UP, "b": Change.SAME}


@pytest.mark.parametrize(
    "line", ["a upp", "a +", "a+", "a: -", "a 0", "LC firing dwn", "a increasd", "a notplu"]
)
def test_a_first_line_that_may_be_an_observation_is_no_title(write, line):
    path = write("seen.obs", f"{line}\nb = +\n")
    assert problems(read_observations, path) == [(1, f"'{line}' is no observation.")]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.obs", "", (0, "the file is empty.")),
        ("a.obs", "a b = dwn\nb = +\n", (1, "'a b' is seen 'dwn', which is no direction.")),
        (
            "a.csv",
            "a,upp\nd,+\n",
            (1, "'a' is seen 'upp', which is no direction, and the columns are not named either."),
        ),
        (
            "a.csv",
            "geen,direction\nd,+\n",
            (
                1,
                "'geen' is seen 'direction', which is no direction, and the columns are not "
                "named either.",
            ),
        ),
        ("a.csv", "node,direction,conditon\nd,+,x\n", (1, "no column is called 'conditon'.")),
        ("a.obs", "a title alone\n", (0, "no observation in the file.")),
        ("a.obs", "a = +\na = -\n", (2, "'a' is '-' here, which line 1 excludes.")),
        (
            "a.obs",
            "a = notPlus\nb = 0\na = +\n",
            (3, "'a' is '+' here, which line 1 excludes."),
        ),
        ("a.obs", "a = notplu\n", (1, "'a' is seen 'notplu', which is no direction.")),
        ("a.obs", "a = +\nb +\n", (2, "'b +' is no observation.")),
        ("a.csv", "a,+\nb,upp\n", (2, "'b' is seen 'upp', which is no direction.")),
        ("a.csv", "a,+\n,+\n", (2, "an observation of nothing.")),
    ],
)
def test_wrong_observations(write, name, text, expected):
    assert problems(read_observations, write(name, text)) == [expected]


def test_a_hundred_thousand_observations(write):
    text = "".join(f"n{number} = {'+-0'[number % 3]}\n" for number in range(100_000))
    (one,) = read_observations(write("seen.obs", text))
    assert len(one.observed) == 100_000
