"""The scorer as an MLflow pyfunc, logged as this code and text artefacts: no pickle.

MLflow runs this file where the model is served; it reads the scorer's folder and nothing else.
"""

from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.pyfunc import PythonModel, PythonModelContext

from models.scorer import LeadScorer


class ScorerModel(PythonModel):  # type: ignore[misc]  # mlflow has no types
    """Feature rows in; probabilities, score, grade and value out, none missing: JSON knows no NaN."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read the scorer that was logged beside this code."""
        self.scorer = LeadScorer.load(Path(context.artifacts["scorer"]))

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, object] | None = None
    ) -> pd.DataFrame:
        """``LeadScorer.answers`` of each row; a feature that is left out is missing.

        Raises:
            MlflowException: a bad request: no feature at all, text for numbers or the reverse, or a number
                that is infinite.
        """
        # MLflow passes on the columns of the signature only, and without any of them no row either.
        if model_input.columns.empty:
            raise MlflowException.invalid_parameter_value("no row, or none with a feature of this model")
        numbers = model_input.select_dtypes("number")
        infinite = [str(name) for name in numbers.columns if np.isinf(numbers[name]).any()]
        if infinite:
            raise MlflowException.invalid_parameter_value(f"no finite number: {', '.join(infinite)}")
        try:
            scored = self.scorer.score(model_input.reindex(columns=list(self.scorer.columns)))
        except ValueError as error:
            raise MlflowException.invalid_parameter_value(str(error)) from error
        return scored[list(self.scorer.answers)]


mlflow.models.set_model(ScorerModel())
