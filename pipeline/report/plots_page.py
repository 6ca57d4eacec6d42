"""The page around DVC's plots, with the scripts that draw them inside: DVC's own page fetches them."""

from pipeline.base.errors import ExtraError

_VEGA_LITE = "5.20"  # DVC's plots are written for version 5
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Plots</title>
{refresh_tag}
<script>%s</script>
<style>body { font: 1rem/1.5 system-ui, sans-serif; margin: 1.5rem; } table { border-spacing: 1rem; }</style>
</head>
<body>
{plot_divs}
</body>
</html>
"""


def page_template() -> str:
    """Return the template that DVC's `plots.html_template` can name; raise ExtraError without the extra `plots`."""
    try:
        from vl_convert import javascript_bundle
    except ImportError:
        remedy = "Run `pip install 'stance-pipeline[plots]'`."
        raise ExtraError("Vega's scripts are not installed", "plots", remedy=remedy) from None
    return _PAGE % javascript_bundle(vl_version=_VEGA_LITE)
