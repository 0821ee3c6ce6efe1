"""Drivers with a planted fault, which the tester has to find."""

from __future__ import annotations

from difftest.driver import QueryDriver


class StaleTooEarly(QueryDriver):
    def query_options(self, key, options):
        if "stale_time" in options and options["stale_time"] == 1000:
            options = {**options, "stale_time": 999}
        return super().query_options(key, options)


class ForgetsTheScope(QueryDriver):
    def mutation_options(self, options):
        return super().mutation_options({k: v for k, v in options.items() if k != "scope"})


class NeverCancels(QueryDriver):
    def cancel(self, client, filters, flags):
        return super().cancel(client, {**filters, "key": ["no such key"]}, flags)


class LosesAWrite(QueryDriver):
    def set_data(self, client, key, data, updated_at=None):
        return super().set_data(client, key, self.undefined, updated_at)


class TellsOfWhatWasNotCombined(QueryDriver):
    def queries_observer(self, client, options, combine):
        return super().queries_observer(client, options, None)

    def set_queries(self, observer, options, **combine):
        super().set_queries(observer, options)


class Miscounts(QueryDriver):
    def is_fetching(self, client, filters):
        return super().is_fetching(client, filters) + 1


class LeavesATimer(QueryDriver):
    def dispose_client(self, client):
        super().dispose_client(client)
        self._loop.call_later(5, print)
