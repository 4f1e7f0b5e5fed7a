"""The scorer as an MLflow pyfunc, logged as this code and text artefacts: no pickle.

MLflow runs this file where the model is served; it reads the scorer's folder and nothing else.
"""

from pathlib import Path

import mlflow
import pandas as pd
from mlflow.pyfunc import PythonModel, PythonModelContext

from models.scorer import LeadScorer


class ScorerModel(PythonModel):  # type: ignore[misc]  # mlflow has no types
    """Feature rows in; probabilities, score and grade out."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read the scorer that was logged beside this code."""
        self.scorer = LeadScorer.load(Path(context.artifacts["scorer"]))

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, object] | None = None
    ) -> pd.DataFrame:
        """Score rows of the scorer's feature columns; a column that is left out is missing."""
        return self.scorer.score(model_input.reindex(columns=list(self.scorer.columns)))


mlflow.models.set_model(ScorerModel())
