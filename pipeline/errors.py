"""The ways a user's input can stop the program; each has one stable exit code.

Every message is one line: what is wrong, where (file, row, column, key) and what to do.
Anything else that is raised is a bug and keeps its traceback.
"""


class LeadgradeError(Exception):
    """Base of the errors that a user can cause and mend."""

    exit_code = 1


class ConfigError(LeadgradeError):
    """The YAML configuration is wrong: an unknown key, a wrong type, values that contradict."""

    exit_code = 3


class SourceError(LeadgradeError):
    """A source file cannot be read as what the configuration says it is."""

    exit_code = 4


class ToleranceError(LeadgradeError):
    """More rows of a source are bad than the declared tolerance allows."""

    exit_code = 5


class TrainingError(LeadgradeError):
    """The data cannot train or evaluate a model: too few leads or closes, or nothing ripens."""

    exit_code = 6


class ScoringError(LeadgradeError):
    """The leads cannot be scored with this scorer: columns or versions do not fit."""

    exit_code = 7


class OutputError(LeadgradeError):
    """The result cannot be written where it was asked for."""

    exit_code = 8


class MachineError(LeadgradeError):
    """Something the machine must provide is missing, such as a system library."""

    exit_code = 9


class PromotionError(LeadgradeError):
    """The registry stays as it is: the gate does not pass, or there is nothing to promote or to restore."""

    exit_code = 10


class DriftError(LeadgradeError):
    """What the scorer reads, answers or promised has changed since it was learned."""

    exit_code = 11
