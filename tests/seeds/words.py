"""What the seeds are made of: a row as a question, and the names that come up in several."""

from __future__ import annotations

from dataclasses import dataclass, field

IPSEN = "Ipsen release, 2025-07-24"
NEJM = "Chan et al., N Engl J Med 2025"
FDA = "FDA page, 2025-03-26"
REGISTRY = "ClinicalTrials.gov NCT03375320"
ARTICLE = "News article on the EU approval"
EU, US = "European Union", "United States of America"
PNET, EPNET = "pancreatic neuroendocrine tumour", "extra-pancreatic neuroendocrine tumour"
CABO, PLACEBO = "cabozantinib arm", "placebo arm"
PFS, ORR = "progression-free survival", "objective response rate"
NO_COHORT = "not assigned to a cohort"


@dataclass(frozen=True)
class Seed:
    row: str
    ask: str
    columns: str
    cells: set[tuple[str, ...]]
    where: dict[str, str] = field(default_factory=dict)


APPROVALS = "approvals-of-substance --substance cabozantinib --within NET"
LABEL = "indication-of-approval --substance cabozantinib --jurisdiction EU --within NET"
RESULTS = "trial-results-by-cohort --trial NCT03375320"
ELIGIBILITY = "trial-eligibility --trial CABINET"
