"""An exam's report: scores, weeks, questions and incidents of a period."""

from api.analytics.definition import FRESHNESS, INCIDENTS, ITEMS, SCORES, TREND
from api.analytics.incident_figure import IncidentFigures
from api.analytics.incident_passage import incident_passages
from api.analytics.item_passage import item_passages
from api.analytics.result_figure import ExamFigures
from api.analytics.result_passage import result_passages
from api.analytics.span import Span
from api.analytics.wording import coverage_facts
from schema.bulletin import Bulletin


def exam_bulletin(span: Span, results: ExamFigures, incidents: IncidentFigures) -> Bulletin:
    """In the order in which an author asks."""
    facts = [("Exam", results.title), ("Exam's id", str(results.exam_id)), ("Days asked for", str(span))]
    facts += coverage_facts(results.coverage, "Results")
    facts += coverage_facts(incidents.coverage, "Incidents")
    passages = (
        *result_passages(results),
        *item_passages(results.items),
        *incident_passages(incidents, by_exam=False),
    )
    return Bulletin(
        title=f"Exam report: {results.title}",
        subject=f"Results and incidents of an exam, {span}",
        foot=f"ProctorWise, exam {results.exam_id}, {span}",
        facts=tuple(facts),
        passages=passages,
        definitions=(*FRESHNESS, *SCORES, *ITEMS, TREND, *INCIDENTS),
    )
