"""The matrix against the slow reference, cell by cell."""

from laws import slow_reference as reference
from support.small_worlds import ATTRIBUTES, TIMEZONE

from features.catalog import catalog, features_of
from features.matrix import build as matrix
from features.staging import staging

FEATURES = features_of(catalog(ATTRIBUTES))


def build(tables, spine, features=FEATURES):
    return matrix.build_matrix(staging.stage_tables(tables, ATTRIBUTES, TIMEZONE), spine, features)


def check_reference(world, features=FEATURES, build=build):
    tables, spine = world
    fast = build(tables, spine, features)
    slow = reference.compute(tables, spine, features, TIMEZONE)
    for feature in features:
        expected = [None if value is None or value != value else value for value in slow[feature.name]]
        assert fast[feature.name].to_list() == expected, feature.name
