"""What tokens cost, in microcents."""

from ovs_mock.engine.ids import Ids
from ovs_mock.engine.models import Catalogue, ModelEntry
from ovs_mock.util.records import record


@record(frozen=True, slots=True, kw_only=True)
class Price:
    id: str
    model: str
    provider: str
    version: int
    input: int
    output: int
    cached_input: int
    public: bool = True

    def cost(self, *, prompt: int, cached: int, completion: int) -> int:
        """Of the ``prompt`` tokens, ``cached`` ones are charged at their own price."""
        return (prompt - cached) * self.input + cached * self.cached_input + completion * self.output


class PriceList:
    """A price for each model of the catalogue. The figures are the mock's own; production publishes its own list."""

    def __init__(self, ids: Ids, models: Catalogue) -> None:
        self._ids = ids
        self._models = models
        self._prices: dict[str, Price] = {}

    def list(self) -> list[Price]:
        return [self._price(entry) for entry in self._models.list()]

    def for_model(self, model: str) -> Price | None:
        """The price of a model; ``None`` for one that is not in the catalogue."""
        entry = self._models.get(model)
        return self._price(entry) if entry else None

    def _price(self, entry: ModelEntry) -> Price:
        if entry.id not in self._prices:
            self._prices[entry.id] = Price(
                id=self._ids.uuid("price"),
                model=entry.id,
                provider=entry.provider,
                version=1,
                input=30,
                output=120,
                cached_input=8,
            )
        return self._prices[entry.id]
