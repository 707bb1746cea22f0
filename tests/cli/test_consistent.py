"""``raphe consistent`` on plain files, as its users see it."""

import json

import jsonschema
import pytest

from raphe.cli.main import run
from raphe.report.answer_schemas import answer_schemas

NETWORK = "a -> b\na -> c\nb -> d\n!c -> d\nx -> y\ny -> x\n"


@pytest.fixture
def ask(capsys, tmp_path):
    """Ask of a network and what was seen on it; status, what was printed, and complaints."""

    def asked(seen, *arguments, network=NETWORK):
        (tmp_path / "net.cif").write_text(network)
        (tmp_path / "seen.obs").write_text(seen)
        files = "--network", str(tmp_path / "net.cif"), "--observations", str(tmp_path / "seen.obs")
        status = run(["consistent", *files, *arguments])
        return status, *capsys.readouterr()

    return asked


def told(answer):
    status, out, _ = answer
    read = json.loads(out)
    jsonschema.validate(read, answer_schemas()["consistent"])
    return status, read


def nodes(sightings):
    return [one["node"] for one in sightings]


def test_all_can_be_true(ask):
    status, out, err = ask("b = +\nd = -\n")
    assert (status, err) == (0, "")
    assert out.startswith("All can be true together: 2 observations on 6 nodes, 6 influences.")


def test_what_cannot_be_true_together(ask):
    status, found = told(ask("b = +\nc = -\nd = 0\nnone = +\ny = +\nbb = 0\n", "--json"))
    assert status == 1
    assert found["consistent"] is False
    # 'b' or 'c', 'd' which both drive, 'y' which nothing reaches, and 'none' which is not there.
    assert found["repair_size"] == 4
    assert nodes(found["absent"]) == ["bb", "none"]
    assert found["absent"][0]["nearest"] == "Did you mean 'b'?"
    assert nodes(found["unreachable"]) == ["y"]
    assert nodes(found["contradicted"]) == ["b", "c", "d"]
    assert ["b", "c"] in [nodes(core) for core in found["cores"]]
    assert found["all_cores"]
    assert found["all_repairs"]
    assert {len(repair) for repair in found["repairs"]} == {4}
    assert {"condition": "seen", "node": "a", "direction": "changed"} in found["predictions"]


def test_sentences_tell_the_three_cases_apart(ask):
    _, out, _ = ask("b = +\nc = -\nnone = +\ny = +\n")
    text = " ".join(out.split())
    assert "Not all can be true together" in text
    assert "the smallest repair has size 3 (proved)." in text
    assert "Absent from the network, 1: none." in text
    assert "Changed, yet no input leads there, 1: y." in text
    assert "Contradicted, 2: b, c." in text
    assert "in all of these: something else raises none 1." in text
    assert "Nodes whose laws cannot hold together (3 minimal sets): x y b, c" in text


def test_cores_with_all_that_they_lead_to(ask):
    network = "a -> b\na -> c\nb -> d\nb -> e\nx -> y\n!y -> x\n"
    seen = "c = -\nd = +\nx = +\ny = -\n"
    arguments = "--not-founded", "--cores-as", "downstream"
    _, found = told(ask(seen, "--json", *arguments, network=network))
    # Of 'y' nothing can explain that it fell, and then what 'y' does to 'x' is no question.
    assert [nodes(core) for core in found["cores"]] == [["y"], ["b", "c", "d", "e"]]
    assert nodes(found["inexplicable"]) == ["y"]
    assert (found["cores_as"], found["all_cores"]) == ("downstream", True)
    _, out, _ = ask(seen, *arguments, network=network)
    text = " ".join(out.split())
    assert "Nodes whose laws cannot hold together, with all that they lead to (2 sets)" in text
    assert "nothing can explain these, each by itself: y" in text
    _, found = told(ask(seen, "--json", "--not-founded", network=network))
    assert [nodes(core) for core in found["cores"]] == [["y"], ["b", "c", "d"]]
    assert (found["cores_as"], found["inexplicable"]) == ("minimal", [])


def test_cores_whose_downstream_is_not_linked_are_counted(ask):
    _, found = told(ask("b = +\nc = -\n", "--json", "--cores-as", "downstream"))
    assert (found["cores"], found["cores_left_out"]) == ([], 1)
    _, out, _ = ask("b = +\nc = -\n", "--cores-as", "downstream")
    assert "Minimal sets that are in none of these, 1: see '--cores-as minimal'." in out


def test_observations_are_replaced_instead(ask):
    _, found = told(ask("b = +\nc = -\n", "--json", "--repair", "scenfit"))
    assert found["moves"] == ["misfit"]
    assert found["repair_size"] == 2
    moved = {(step["node"], step["direction"]) for one in found["repairs"] for step in one}
    assert moved <= {("b", "-"), ("b", "0"), ("c", "+"), ("c", "0")}


def test_inputs_are_found_unless_told_otherwise(ask):
    assert told(ask("b = +\n", "--json"))[1]["repair_size"] == 0
    _, found = told(ask("b = +\n", "--json", "--no-auto-inputs"))
    assert found["repair_size"] == 1
    assert nodes(found["unreachable"]) == ["b"]
    assert told(ask("a = input\nb = +\n", "--json", "--no-auto-inputs"))[0] == 0


def test_unknown_signs_take_part_unless_told_otherwise(ask):
    network = "?a -> b\n"
    seen = "a = input\na = +\nb = -\n"
    assert told(ask(seen, "--json", network=network))[0] == 0
    status, found = told(
        ask(seen, "--json", "--ignore-unknown-signs", "--no-auto-inputs", network=network)
    )
    assert (status, found["network"]["influences"]) == (1, 0)


def test_laws_are_switched(ask):
    loop = "i -> x\nx -> y\ny -> x\n"
    seen = "i = 0\nx = +\n"
    assert ask(seen, network=loop)[0] == 0
    assert ask(seen, "--elementary-path", network=loop)[0] == 1
    assert ask("a = 0\nd = +\nb = 0\n")[0] == 1
    assert ask("a = 0\nd = +\nb = 0\n", "--not-explained", "--not-founded")[0] == 0


def test_several_conditions_share_the_sign_of_an_influence(tmp_path):
    seen = tmp_path / "both.csv"
    seen.write_text("node,direction,condition\na,+,one\nb,+,one\na,+,two\nb,-,two\n")
    (tmp_path / "net.cif").write_text("?a -> b\n")
    files = "--network", str(tmp_path / "net.cif"), "--observations", str(seen)
    assert run(["consistent", *files]) == 1


@pytest.mark.parametrize(
    ("seen", "complaint"),
    [
        ("", "the file is empty. Name another."),
        ("a = +\na = -\n", "seen.obs:2: 'a' is '-' here, which line 1 excludes. Keep one of both."),
        ("b = upp\n", "seen.obs:1: 'b' is seen 'upp', which is no direction."),
    ],
)
def test_bad_observations(ask, seen, complaint):
    status, out, err = ask(seen)
    assert (status, out) == (2, "")
    assert complaint in err
    assert "Traceback" not in err


def test_no_file_is_named(capsys):
    assert run(["consistent"]) == 2
    assert "Name '--network' and '--observations'." in capsys.readouterr().err


def test_what_is_only_declared_may_be_absent_too(ask):
    network, seen = "x -> a\na -> b\nb -> a\n", "A = input\nb = +\nx = 0\nbb = MAX\n"
    status, found = told(ask(seen, "--json", network=network))
    assert status == 0
    assert found["absent"] == [
        {**absent, "condition": "seen", "seen": False}
        for absent in (
            {"node": "A", "declared": ["input"], "nearest": "Did you mean 'a'?"},
            {"node": "bb", "declared": ["MAX"], "nearest": "Did you mean 'b'?"},
        )
    ]
    _, out, _ = ask(seen, network=network)
    text = " ".join(out.split())
    assert "Absent from the network, 2: A (input), bb (MAX)." in text
    assert "Did you mean 'a' for 'A'? Did you mean 'b' for 'bb'?" in text


def test_what_lies_on_an_elementary_path_need_not_change(ask):
    network = "a -> b\n!d -> b\nb -> c\nc -> e\ne -> c\n"
    seen = "a = +\nd = +\nb = 0\nc = +\n"
    assert ask(seen, "--elementary-path", network=network)[0] == 0


def test_what_acts_together_may_stay_where_one_stays(ask):
    status, found = told(ask("a = +\nb = 0\nc = 0\n", "--json", network="a & b -> c\n"))
    assert status == 0
    assert found["network"] == {"nodes": 3, "joint": 1, "influences": 3, "unknown_signs": 0}
    assert {one["node"] for one in found["predictions"]} == {"a", "b", "c"}
    assert ask("a = +\nb = +\nc = 0\n", network="a & b -> c\n")[0] == 1
    _, out, _ = ask("a = +\n", network="a & b -> c\n")
    assert (
        "1 observation on 3 nodes, 3 influences, 1 more node for what acts together."
        in " ".join(out.split())
    )


def test_predictions_are_named(ask):
    _, out, _ = ask("a = +\nd = 0\n")
    text = " ".join(out.split())
    assert "Predicted, whatever the minimal repair: + (3): a, b, c" in text
    assert "0 (3): d, x, y" in text
    network = "".join(f"a -> n{number:02}\n" for number in range(25))
    _, out, _ = ask("a = +\n", network=network)
    text = " ".join(out.split())
    assert "n18 and 6 more ('--json' has all)" in text


def test_one_of_a_thing_is_told_so(ask):
    _, out, _ = ask("a = +\nb = -\n", network="a -> b\n")
    assert "(2 observations on 2 nodes, 1 influence)" in " ".join(out.split())
    assert "1 minimal repair:" in out
    assert "(1 minimal set)" in out


def test_same_question_same_bytes(ask):
    seen = "b = +\nc = -\nd = 0\nnone = +\ny = +\n"
    assert ask(seen, "--json") == ask(seen, "--json")
