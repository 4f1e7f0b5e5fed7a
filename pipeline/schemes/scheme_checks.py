"""The configuration's rule schemes, checked against everything that its data could hold."""

from features.catalog import features_of
from features.schemes.compiled import availability
from features.schemes.declaration import Scheme
from pipeline.config.config import Config
from pipeline.intake.staged_tables import all_features
from pipeline.schemes.scheme_files import read_schemes, schemes_of, shipped_names
from pipeline.schemes.scheme_grades import check_schemes


def checked_schemes(config: Config) -> tuple[Scheme, ...]:
    """The rule schemes that a configuration names, each fit for its catalogue.

    Raises:
        ConfigError: names the scheme's file and the rule; as ``scheme_files.read_schemes`` and
            ``grading.check_schemes``.
    """
    schemes = schemes_of(config)
    features = features_of(all_features(config))
    if all(not availability(scheme, (feature.name for feature in features)) for scheme in schemes):
        check_schemes(schemes, features)
        return schemes
    shipped = read_schemes(shipped_names(), config.path.parent)
    check_schemes(schemes, features, {column for scheme in shipped for column in scheme.columns})
    return schemes
