"""The supplier network: chains up to a brand's owner, and claims that stay claims."""

from __future__ import annotations

from seeds.suppliers import EdgeType, load_suppliers


def test_chain_from_reseller_to_owner() -> None:
    chains = load_suppliers().chain("新疆科华和昶生物科技有限公司", 2020)
    assert [[(edge.type, edge.target) for edge in chain] for chain in chains] == [
        [(EdgeType.RESELLER, "英潍捷基（上海）贸易有限公司"), (EdgeType.SUBSIDIARY, "Thermo Fisher Scientific")]
    ]


def test_edges_are_dated() -> None:
    network = load_suppliers()
    assert network.chain("重庆通用航空产业集团有限公司", 2015)
    assert network.chain("重庆通用航空产业集团有限公司", 2024) == ()


def test_brackets_and_width_do_not_matter() -> None:
    network = load_suppliers()
    found = network.find("英潍捷基(上海)贸易有限公司")
    assert found is not None
    assert found == network.find("英潍捷基（上海）贸易有限公司")
    assert network.find("明川无名贸易有限公司") is None
    assert network.chain("明川无名贸易有限公司") == ()


def test_a_claim_ends_a_chain() -> None:
    for chain in load_suppliers().chain("北京瑞源文德科技有限公司"):
        assert all(edge.type is not EdgeType.CLAIMS_TO_REPRESENT for edge in chain[:-1])


def test_every_source_of_an_edge_is_a_supplier() -> None:
    network = load_suppliers()
    for edge in network.edges:
        assert network.find(edge.source) is not None, edge
        assert edge.confidence in {"high", "medium", "low"}
        assert edge.since is None or edge.until is None or edge.since <= edge.until
