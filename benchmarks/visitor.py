"""Visitors who speak Streamlit's protocol to a running app."""

from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.app_server import Running


class Visitor:
    """One session on one page. Like a browser it names the large messages that it keeps, which come once only."""

    def __init__(self, app: Running, page: str = "", query: str = "") -> None:
        self.page, self.query = page, query
        self.elements: list[Element] = []  # of the last run
        self.received = 0  # bytes, so far
        self._kept: dict[str, ForwardMsg] = {}
        self._script_hash = ""
        self._socket = connect(
            f"ws{app.address.removeprefix('http')}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            compression=None,  # as served
            max_size=None,
        )
        self.rerun()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._socket.close()

    def rerun(self, *changed: WidgetState) -> None:
        """Ask for a run, with some widgets moved, and take in all that it sends."""
        state = ClientState(
            query_string=self.query,
            page_name="" if self._script_hash else self.page,
            page_script_hash=self._script_hash,
            widget_states=WidgetStates(widgets=changed),
            cached_message_hashes=list(self._kept),
        )
        self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        self.elements = []
        while not self._finished(self._next()):
            pass
        if failed := [each for each in self.elements if _is_failure(each)]:
            raise RuntimeError(f"the page {self.page!r} could not be drawn: {failed[0]}")

    def find(self, kind: str, label: str) -> str:
        """The id of the widget of that kind and label. Raises LookupError if the last run drew none."""
        for element in self.elements:
            if element.WhichOneof("type") == kind and getattr(element, kind).label == label:
                return str(getattr(element, kind).id)
        raise LookupError(f"the page {self.page!r} has no {kind} {label!r}")

    def _next(self) -> ForwardMsg:
        data = self._socket.recv()
        assert isinstance(data, bytes)
        self.received += len(data)
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "ref_hash":
            return self._kept[message.ref_hash]
        if message.metadata.cacheable:
            self._kept[message.hash] = message
        return message

    def _finished(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._script_hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self._script_hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.elements.append(message.delta.new_element)
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _is_failure(element: Element) -> bool:
    kind = element.WhichOneof("type")
    return kind == "exception" or (kind == "alert" and element.alert.format == element.alert.ERROR)
