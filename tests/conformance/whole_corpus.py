"""The whole corpus, a test for each data file: for mutation testing, for which thousands of tests are too many."""

import pytest
import test_conformance as single


@pytest.mark.parametrize("topic", single.topics())
def test_a_whole_topic(topic: str) -> None:
    for case in single.topics()[topic]:
        if "filters" in case:
            single.test_accepted(case)
        if "count" in case:
            single.test_accepted_with_a_number_of_segments(case)
        if "errors" in case:
            single.test_refused(case)
            single.test_checking_a_refused_text_reports_the_same_errors(case)
        else:
            single.test_compiled_to_one_segment_or_refused(case)
            single.test_checking_an_accepted_text_finds_no_error_but_the_split(case)
