"""Settings of a page: one declaration gives the widget, the rule, and the part of the link that reopens the experiment.

The address follows the settings in the browser (assets/link.js) without a rerun or an entry in the history. It is read
when a page is entered: by a link, by Back or Forward, or after a reload.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import streamlit as st

from lessons.ui.numbers import LONGEST_QUOTE, quoted

LONGEST_NUMBER = 18  # digits; Python refuses to read some thousands of them
IN_ADDRESS = "in_address"  # what the page on the screen wants its address to say
KEEP: Literal["session"] = "session"  # a setting outlives the visit of another page


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting: its value at first, how a link writes and reads it, and its widget.

    `parse` raises a ValueError that says the rule; `widget` takes key=, disabled= and persist_state=.
    """

    name: str
    default: Any
    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str
    widget: Callable[..., Any] | None = None  # None: the browser owns it

    @property
    def label(self) -> str:
        """What stands at its widget."""
        return str(self.widget.args[0]) if isinstance(self.widget, partial) and self.widget.args else self.name


def slider(name: str, label: str, default: int, low: int, high: int, hint: str) -> Knob:
    """A whole number on a slider. With a value of its own it need not look through the whole session for one."""
    widget = partial(st.slider, label, low, high, value=default, help=hint)
    return Knob(name, default, partial(_whole, low, high), widget=widget)


def field(name: str, label: str, default: int, low: int, high: int, hint: str) -> Knob:
    """A whole number to type."""
    widget = partial(st.number_input, label, low, high, help=hint)
    return Knob(name, default, partial(_whole, low, high), widget=widget)


def fine_slider(name: str, label: str, default: float, low: float, high: float, step: float, hint: str) -> Knob:
    """A number on a slider."""
    widget = partial(st.slider, label, low, high, value=default, step=step, help=hint)
    return Knob(name, default, partial(_number, low, high), "{:g}".format, widget)


def stops(name: str, label: str, default: float, values: Sequence[float], hint: str) -> Knob:
    """One of a few numbers, on a slider that stops at each of them."""
    by_text = {f"{value:g}": value for value in values}
    widget = partial(st.select_slider, label, values, format_func="{:,g}".format, help=hint)
    return Knob(name, default, partial(_one_of, by_text), "{:g}".format, widget)


def segments(name: str, label: str, options: Sequence[str], hint: str, *, show_label: bool = True) -> Knob:
    """One of a few words side by side; the first is the value at first."""
    visibility: Literal["visible", "collapsed"] = "visible" if show_label else "collapsed"
    widget = partial(st.segmented_control, label, options, required=True, help=hint, label_visibility=visibility)
    return Knob(name, options[0], partial(_one_of, {option: option for option in options}), widget=widget)


def chooser(name: str, label: str, options: Sequence[str], hint: str) -> Knob:
    """One of several words in a list; the first is the value at first."""
    widget = partial(st.selectbox, label, options, help=hint)
    return Knob(name, options[0], partial(_one_of, {option: option for option in options}), widget=widget)


def toggle(name: str, label: str, default: bool, hint: str) -> Knob:
    """On or off."""
    parse = partial(_one_of, {"on": True, "off": False})
    return Knob(name, default, parse, {True: "on", False: "off"}.__getitem__, partial(st.toggle, label, help=hint))


class Arrival(NamedTuple):
    """How the page that is open was entered. One value of the session, which Streamlit reads whole many times a run."""

    page: str
    by_link: bool  # the address named settings
    notes: list[str]  # what was wrong with them


class Knobs:
    """The settings of one page."""

    def __init__(self, page: str, *knobs: Knob) -> None:
        self.page = page
        self.knobs = {knob.name: knob for knob in knobs}

    def key(self, name: str) -> str:
        """The widget key of a setting."""
        return f"{self.page}_{name}"

    def __getitem__(self, name: str) -> Any:
        return st.session_state[self.key(name)]

    def set(self, name: str, value: Any) -> None:
        """Change a setting: for the callback of a button."""
        st.session_state[self.key(name)] = value

    def checked(self, name: str, value: Any) -> Any:
        """A value as a link would bring it. Raises ValueError if it breaks the rule, KeyError for an unknown name."""
        knob = self.knobs[name]
        return knob.parse(knob.write(value))

    def draw(self, name: str, *, disabled: bool = False) -> Any:
        """The widget of a setting, where it is called; its value."""
        widget = self.knobs[name].widget
        assert widget is not None, name
        return widget(key=self.key(name), disabled=disabled, persist_state=KEEP)

    def enter(self) -> None:
        """Give every setting its value: the link's where one brought the visitor here, else the last, else the first.

        A bad value in the link is left out, with a note that stays until the page is left. Call it before the widgets.
        """
        state = st.session_state
        arrival: Arrival | None = state.get("arrival")
        if arrival is None or arrival.page != self.page:
            state.pop(IN_ADDRESS, None)  # of a run that was interrupted on another page
            arrival = Arrival(self.page, bool(st.query_params), self._read_address())
            self._begin()
            state["arrival"] = arrival  # last: if this run is interrupted before, the next one enters again
        elif self.knobs and self.key(next(reversed(self.knobs))) not in state:  # forgotten, like all the others
            arrival = state["arrival"] = Arrival(self.page, by_link=False, notes=[])
            self._begin()
        for note in arrival.notes:
            st.info(note, icon=":material/link:")

    def _begin(self) -> None:
        for knob in self.knobs.values():
            st.session_state.setdefault(self.key(knob.name), knob.default)

    def share(self) -> dict[str, str]:
        """Let the address say what differs from the first values, and offer to copy it; what it says."""
        changed = {
            name: knob.write(self[name])
            for name, knob in self.knobs.items()
            if knob.widget is not None and self[name] != knob.default
        }
        st.session_state[IN_ADDRESS] = changed
        return changed

    def reset(self) -> None:
        """Give every setting its first value: for the callback of a button."""
        for name, knob in self.knobs.items():
            self.set(name, knob.default)

    def _read_address(self) -> list[str]:
        """Take over what the address says; what was wrong with it."""
        notes = []
        for name, text in st.query_params.items():
            knob = self.knobs.get(name)
            if knob is None:
                notes.append(f"The link has a setting {quoted(name)} that this page does not know: it is left out.")
                continue
            try:
                self.set(name, knob.parse(text))
            except ValueError as error:
                used = knob.write(st.session_state.get(self.key(name), knob.default))
                uses = used if len(used) <= LONGEST_QUOTE else "what it had"
                notes.append(f"In the link, {name} {error}, got {quoted(text)}. The page uses {uses}.")
        for name in self.knobs.keys() - st.query_params.keys():
            if self.knobs[name].widget is None:
                self.set(name, self.knobs[name].default)  # an earlier link's step is not kept for a later visit
        return notes


def shared() -> dict[str, str] | None:
    """What the page that was drawn last has said by `share`; None if it has no settings. It can be asked once."""
    settings: dict[str, str] | None = st.session_state.pop(IN_ADDRESS, None)
    return settings


def came_by_link() -> bool:
    """Whether the address named settings when this page was entered: the visitor followed a link to an experiment."""
    arrival: Arrival | None = st.session_state.get("arrival")
    return arrival is not None and arrival.by_link


def _whole(low: int, high: int, text: str) -> int:
    if len(text) > LONGEST_NUMBER or not text.removeprefix("-").isdecimal() or not low <= int(text) <= high:
        raise ValueError(f"must be a whole number from {low:,} to {high:,}")
    return int(text)


def _number(low: float, high: float, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ValueError(f"must be a number from {low:g} to {high:g}")
    return value


def _one_of(by_text: dict[str, Any], text: str) -> Any:
    if text not in by_text:
        raise ValueError(f"must be one of {', '.join(by_text)}")
    return by_text[text]


STEP = Knob("step", None, partial(_whole, 0, 1_000_000))  # where a player stands: written by the browser
