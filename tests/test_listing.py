"""What the lists for reading say is what the code does."""

from pathlib import Path

from pipeline.listing import feature_markdown

README = Path(__file__).parent.parent / "features" / "README.md"


def test_the_page_of_the_features_is_the_catalogue():
    assert README.read_text(encoding="utf-8") == feature_markdown()
