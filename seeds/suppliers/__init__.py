"""Suppliers that stand between a brand's owner and a bureau: who belongs to whom, who resells, who only claims to represent.

``suppliers.csv`` names them, ``edges.csv`` joins them. An edge is dated where the source gives a year (``since`` and ``until``, both inclusive).
``claims_to_represent`` is a claim: it never makes a purchase.
"""

from __future__ import annotations

from seeds.suppliers.load import FILES, Edge, EdgeType, Supplier, SupplierNetwork, load_suppliers

__all__ = ["FILES", "Edge", "EdgeType", "Supplier", "SupplierNetwork", "load_suppliers"]
