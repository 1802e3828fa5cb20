"""Formulas as C: what can be printed computes the same, and what cannot says which construct it is and why."""

import ctypes
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tasou.backends.native import building, library, structs
from tasou.backends.native.building.compiling import compilers
from tasou.backends.native.building.expressions import MATHS, REDUCTIONS
from tasou.backends.native.building.printing import print_formulas


def written(folder, **formulas: str):
    """A folder of formulas: those given, and the ones that C calls by name."""
    for family in ("activations", "layers", "losses", "optimizers"):
        (folder / family).mkdir()
    for path, source in formulas.items():
        (folder / f"{path.replace('__', '/')}.py").write_text(source, encoding="utf-8")
    for name in ("penalties", "dropout", "edges"):
        (folder / f"{name}.py").write_text((building.FORMULAS / f"{name}.py").read_text("utf-8"), "utf-8")
    return folder


def reason(folder, body: str, head: str = "def value(z, y, xp):") -> str:
    """Why a loss with this body is not printed."""
    printed = print_formulas(written(folder, losses__own=f"{head}\n    {body}\n"))
    [(function, why)] = printed.unprintable
    assert function.module.path == "losses/own"
    assert not any(f.module.path == "losses/own" for f in printed.functions)
    return why


@pytest.mark.parametrize(
    "body, expected",
    [
        ("return z ** 3", "value, line 2, z ** 3: a power of an array, other than its square"),
        ("return z % 2", "value, line 2, z % 2: known are"),
        ("return xp.sinh(z)", "value, line 2, xp.sinh(z): of xp are known exp"),
        ("return q * z", "value, line 2, q: neither an argument, nor assigned before"),
        ("return [v for v in z]", "known are"),
        ("return 0 < z < 1", "known are"),
        ("return max(z, 0)", "max of an array; write xp.maximum"),
        ("p, q = divide(z)\n    return p", "value, line 2, p, q = divide(z): a formula is assignments"),
        ("if z: return 1\n    return 2", "value, line 2, if z:: a formula is assignments"),
        ("z", "a formula is assignments"),
        ("return z / z.shape[-1]", "the number of outputs stands in formulas that add"),
        ("return predict(z)", "known are functions of xp"),
        ("return z", "a parameter's default is a number"),
    ],
)
def test_what_cannot_be_printed_says_which_construct_and_why(tmp_path, body, expected):
    head = "def value(z, y, xp, *, p='a'):" if "default" in expected else "def value(z, y, xp):"
    assert expected in reason(tmp_path, body, head)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_the_guide_says_can_be_printed(tmp_path, language):
    """Every example in the guide's table is printed as C, and all functions that are known stand there."""
    guide = (Path(__file__).parents[2] / "docs" / language / "guides" / "own-formula.md").read_text("utf-8")
    table = [line for line in guide.split("|---|---|")[1].splitlines() if line.startswith("|")]
    examples = [example for line in table for example in re.findall("`(.+?)`", line.rsplit(" | ", 1)[1])]
    assert len(examples) > 20
    known = {name for name in (*MATHS, *REDUCTIONS, "where", "ones_like", "astype")}
    assert known == {name for example in examples for name in re.findall(r"xp\.(\w+)", example)}
    bodies = [f"{e}\n    return p * q" if " = " in e else f"return {e}" for e in examples]
    head = "def {}(z, y, xp, *, gamma=2.0):\n    {}\n"
    source = [
        "def twice(z, xp):\n    return 2 * z\n",
        *(head.format(f"f{i}", b) for i, b in enumerate(bodies)),
    ]
    printed = print_formulas(written(tmp_path, layers__own="\n\n".join(source)))
    assert printed.unprintable == []
    assert sum(f.module.path == "layers/own" for f in printed.functions) == len(examples) + 1


def test_more_variables_than_c_has_room_for_are_refused(tmp_path):
    lines = "\n    ".join(f"v{i} = z + {i}" for i in range(9))
    body = f"{lines}\n    return xp.sum(v0, axis=-1, keepdims=True) + v1 + v2 + v3 + v4 + v5 + v6 + v7 + v8"
    assert "line 10, z + 8: more than 8 variables" in reason(tmp_path, body)


def test_a_formula_that_calls_an_unprintable_one_says_so(tmp_path):
    source = "def g(z, xp):\n    return z ** z\n\n\ndef value(z, y, xp):\n    return g(z, xp) - y\n"
    printed = print_formulas(written(tmp_path, losses__own=source))
    reasons = [why for _, why in printed.unprintable]
    assert reasons == [
        "g, line 2, z ** z: a power of an array, other than its square; write a product, xp.sqrt, xp.exp",
        "value, line 6, g(z, xp): g of losses/own.py is not printed for single elements (before this one)",
    ]


def test_all_of_our_own_formulas_are_printed():
    assert print_formulas(building.FORMULAS).unprintable == []


SOURCES = {
    "losses__own": """
        SLOPE = 3


        def steep(z, xp):
            return SLOPE * z


        def predict(z, xp):
            return z


        def value(z, y, xp, *, gamma=2.0):
            p, q = z * y, steep(z, xp)
            p, q = q, p
            return p - q * gamma - xp.sum(q, axis=-1, keepdims=True)


        def delta(z, y_hat, y, xp):
            a, b = z + y, z - y
            a = a * b if gamma() else a
            return a


        def slope(z, a, xp):
            a, z = z + 1, a + 2
            return a * 10 + z
        """,
    "activations__own": """
        def f(z, xp):
            return z / xp.sum(z, axis=-1, keepdims=True)


        def slope(z, a, xp):
            return a / z
        """,
    "layers__own": """
        def f(x, s, xp):
            return s * xp.maximum(x, 0)


        def slope(x, s, xp):
            return s * xp.sign(x)


        def wave(k, i, xp):
            return xp.sin(k) + i * xp.cos(k)


        def sine(x, xp):
            return xp.sin(x)


        def cosine(x, xp):
            return xp.cos(x)


        def centred(s, double, xp):
            k = xp.sum(s, axis=-1, keepdims=True) / s.shape[-1]
            return (s - k) ** 2 * double
        """,
    "optimizers__own": """
        def update(theta, grad, m, t, lr, xp, *, beta=0.5):
            m, g = beta * m + grad, grad * grad
            return theta - lr * m, m + g * t
        """,
}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Formulas of other folders, compiled: their library, and their Python modules."""
    if not list(compilers()):
        pytest.skip("no C compiler")
    from textwrap import dedent

    folder = tmp_path_factory.mktemp("formulas")
    sources = {name: dedent(text).lstrip() for name, text in SOURCES.items()}
    written(folder, **sources)
    said: list[str] = []
    built = building.build(said.append, ["-O1", "-DTASOU_ONE_TARGET"], folder / "own.so", formulas=folder)
    assert built is not None, said
    modules = {name: loaded(folder / f"{name.replace('__', '/')}.py") for name in sources}
    return library.Library(built), modules, said


def loaded(path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"own_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_build_says_what_it_cannot_print(own):
    library_, _, said = own
    assert said == [
        "tasou: not in native code: losses/own.py, delta, line 20, gamma(): known are functions of xp, min, max, "
        "and formulas of tasou without keywords"
    ]
    assert [f"tasou: not in native code: {reason}" for reason in library_.unprintable] == said


def test_info_names_formulas_that_run_in_numpy_only(capsys):
    from tasou import backends
    from tasou.cli import main

    backend = backends.NumpyBackend()
    backend.unprintable = ["losses/own.py, value, line 2, z % 2: known are + - * /"]
    with backends.use(backend):
        assert backends.describe()["unprintable"] == backend.unprintable
        main(["info"])
    assert "losses/own.py, value, line 2, z % 2" in capsys.readouterr().out


def test_the_reason_of_a_fallback_is_what_cannot_be_printed(own, monkeypatch, tmp_path):
    """Not that the library is too old: it was built with this very file."""
    library_, modules, _ = own
    monkeypatch.setattr(library, "FORMULAS", library_.path.parent)
    delta = modules["losses__own"].delta
    monkeypatch.setattr(delta, "__module__", "tasou.formulas.losses.own")
    with pytest.raises(library.NotNative, match=r"own\.py cannot be printed as C: delta, line 20, gamma\(\)"):
        library_.formula(delta)
    file = library_.path.parent / "losses" / "own.py"
    text = file.read_text()
    try:
        file.write_text(text + "# mended\n")
        library_._find.cache_clear()
        with pytest.raises(library.NotNative, match="came after the native library was built"):
            library_.formula(delta)
    finally:
        file.write_text(text)


def called(library_, name: str, formula: str, *arguments):
    index = [path_name for path_name in library_.table].index(tuple(formula.rsplit(".", 1)))
    library_.function(name, np.dtype(float))(ctypes.c_int64(index), *arguments)


def test_several_variables_at_once_are_what_they_are_in_python(own):
    library_, modules, _ = own
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(2, 90, 3))
    out, work = np.empty_like(z), np.zeros(11 * 3 * 64)
    at = [a.ctypes.data_as(ctypes.c_void_p) for a in (z, y, out, work)]
    pair = (ctypes.c_void_p * 2)(*at[:2])
    p = (ctypes.c_double * 1)(2.0)
    n, K, two = (ctypes.c_int64(i) for i in (90, 3, 2))
    called(library_, "block", "losses/own.value", two, n, K, pair, at[2], at[3], p)
    np.testing.assert_allclose(out, modules["losses__own"].value(z, y, np), atol=1e-13)
    called(library_, "map", "losses/own.slope", ctypes.c_int64(z.size), pair, at[2], p)
    np.testing.assert_array_equal(out, modules["losses__own"].slope(z, y, np))


def mapped(library_, formula, *arrays):
    out = np.empty_like(arrays[0])
    at = (ctypes.c_void_p * len(arrays))(*(a.ctypes.data for a in arrays))
    index, form, _ = library_.table[tuple(formula.rsplit(".", 1))]
    work, (n, K) = np.zeros(16 * out.size + 16 * 64 * 8, out.dtype), out.shape
    p, out_at = (ctypes.c_double * 1)(0), ctypes.c_void_p(out.ctypes.data)
    if form == "map":
        library_.function("map", out.dtype)(ctypes.c_int64(index), ctypes.c_int64(out.size), at, out_at, p)
    else:
        sizes = (ctypes.c_int64(i) for i in (index, len(arrays), n, K))
        library_.function("block", out.dtype)(*sizes, at, out_at, ctypes.c_void_p(work.ctypes.data), p)
    return out


def test_names_that_mean_something_in_c_are_only_names(own):
    library_, modules, _ = own
    x, y = np.random.default_rng(0).normal(size=(2, 90, 3))
    layer = modules["layers__own"]
    assert mapped(library_, "layers/own.wave", x, y) == pytest.approx(layer.wave(x, y, np), abs=1e-14)
    assert mapped(library_, "layers/own.centred", x, y) == pytest.approx(layer.centred(x, y, np), abs=1e-14)


def test_an_f_and_a_slope_in_another_folder_are_formulas_like_any_other(own):
    library_, modules, _ = own
    x, s = np.random.default_rng(0).normal(size=(2, 90, 3))
    for name in ("f", "slope"):
        expected = getattr(modules["layers__own"], name)(x, s, np)
        assert np.array_equal(mapped(library_, f"layers/own.{name}", x, s), expected)


def test_an_activation_that_adds_over_its_row_says_why_it_is_not_fused(own, monkeypatch):
    library_, modules, _ = own
    f, slope = modules["activations__own"].f, modules["activations__own"].slope
    monkeypatch.setattr(library, "FORMULAS", library_.path.parent)
    for function in (f, slope):
        monkeypatch.setattr(function, "__module__", "tasou.formulas.activations.own")
    z = np.random.default_rng(0).uniform(1, 2, (90, 3))
    assert mapped(library_, "activations/own.f", z) == pytest.approx(f(z, np), rel=1e-15)
    with pytest.raises(library.NotNative, match="activations/own looks at several numbers at once"):
        library_.activation(f, slope)


@pytest.mark.parametrize("dtype, exact", [("f4", np.float64), ("f8", np.longdouble)])
@pytest.mark.parametrize("name, of", [("sine", np.sin), ("cosine", np.cos)])
def test_sine_and_cosine_are_right_to_the_last_places(own, name, of, dtype, exact):
    if np.finfo(exact).eps >= np.finfo(dtype).eps:
        pytest.skip("no wider type to compare with on this machine")
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, s, 20_000) for s in (1e-6, 0.1, 1, 10, 1e3, 1e5)]).astype(dtype)[
        :, None
    ]
    found, true = mapped(own[0], f"layers/own.{name}", x), of(x.astype(exact))
    error = np.abs(found.astype(exact) - true)
    places = error / np.spacing(np.maximum(np.abs(true), 1e-4).astype(dtype)).astype(exact)
    assert places.max() < 3
    edge = np.array([[np.nan, np.inf, -np.inf, 0.0, 1e9]], dtype)
    with np.errstate(invalid="ignore"):
        expected = of(edge.astype(exact))
    np.testing.assert_allclose(mapped(own[0], f"layers/own.{name}", edge), expected.astype(dtype), atol=1e-6)


def test_a_rule_may_assign_several_variables_at_once(own):
    library_, modules, _ = own
    theta, grad, m = np.random.default_rng(0).normal(size=(3, 70))
    expected = modules["optimizers__own"].update(theta, grad, m, 3, 0.1, np)
    at = [a.ctypes.data_as(ctypes.c_void_p) for a in (theta, grad, m)]
    state, p = (ctypes.c_void_p * 1)(at[2]), (ctypes.c_double * 1)(0.5)
    t, lr = ctypes.c_double(3), ctypes.c_double(0.1)
    called(library_, "update", "optimizers/own.update", ctypes.c_int64(70), at[0], at[1], state, t, lr, p)
    np.testing.assert_allclose([theta, m], expected, atol=1e-14)


def test_structs_are_read_as_the_compiler_lays_them_out(tmp_path):
    """Every field of the structs that Python and C share lies where C finds it."""
    compiler = next(compilers(), None)
    if compiler is None or sys.platform == "win32":
        pytest.skip("no C compiler")
    import subprocess

    asked = {"Job": structs.Job, "Walk": structs.Walk, "Op": structs.Op, "Tape": structs.Tape}
    lines = [
        f'printf("{kind}.{name} %zu\\n", offsetof({kind}, {name}));'
        for kind, struct in asked.items()
        for name, _ in struct._fields_
    ]
    head = "".join(f"#include <{name}.h>\n" for name in ("stdint", "stddef", "stdio"))
    head += 'typedef void Random, Twister;\n#include "structs.h"'
    (tmp_path / "a.c").write_text(f"{head}\nint main(void) {{ {' '.join(lines)} return 0; }}")
    command = [*compiler, f"-I{building.STRUCTS.parent}", str(tmp_path / "a.c"), "-o", str(tmp_path / "a")]
    subprocess.run(command, check=True)
    told = subprocess.run([str(tmp_path / "a")], check=True, capture_output=True, text=True).stdout
    places = {
        f"{kind}.{name}": getattr(struct, name).offset
        for kind, struct in asked.items()
        for name, _ in struct._fields_
    }
    assert dict(line.split() for line in told.splitlines()) == {k: str(v) for k, v in places.items()}
    assert len(places) > 40 and structs.OUTCOME.names == (
        "loss",
        "gradient_norm",
        "seconds",
        "row",
        "stopped",
    )
