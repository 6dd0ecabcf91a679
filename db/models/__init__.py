"""Every table of the store, one file per subject. Importing this package registers all of them on ``Base.metadata``."""

from db.models.brand import Brand, BrandAlias, BrandOwner, ProductLine
from db.models.capture import Capture, CaptureReading
from db.models.crawl import PageFiles, PortalLease
from db.models.decision import OrganisationDecision
from db.models.division import Division
from db.models.fact import FactAward, FactLine, FactMention, FactNotice
from db.models.imported import ImportedListing, ListFile
from db.models.item import Item, Lot
from db.models.ledger import Ledger, SeedPast, SeedVersion, Tombstone, Versions
from db.models.link import Announcement, AnnouncementMember, LinkKey, LinkQueue, Pair, Process, ProcessMember
from db.models.listing import Listing
from db.models.mention import Mention
from db.models.notice import Attachment, Body, FieldChange, Issue, Notice, Reading, RelatedNotice, Revision, Span
from db.models.organisation import Organisation, OrganisationName, Party
from db.models.portal import CrawlWindow, Portal, Run
from db.models.review import Review

__all__ = [
    "Announcement",
    "AnnouncementMember",
    "Attachment",
    "Body",
    "Brand",
    "BrandAlias",
    "BrandOwner",
    "Capture",
    "CaptureReading",
    "CrawlWindow",
    "Division",
    "FactAward",
    "FactLine",
    "FactMention",
    "FactNotice",
    "FieldChange",
    "ImportedListing",
    "Issue",
    "Item",
    "Ledger",
    "LinkKey",
    "LinkQueue",
    "ListFile",
    "Listing",
    "Lot",
    "Mention",
    "Notice",
    "Organisation",
    "OrganisationDecision",
    "OrganisationName",
    "PageFiles",
    "Pair",
    "Party",
    "Portal",
    "PortalLease",
    "Process",
    "ProcessMember",
    "ProductLine",
    "Reading",
    "RelatedNotice",
    "Review",
    "Revision",
    "Run",
    "SeedPast",
    "SeedVersion",
    "Span",
    "Tombstone",
    "Versions",
]
