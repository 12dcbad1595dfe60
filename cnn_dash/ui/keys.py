"""Keys of the widgets, `page_name`; tests and links rely on them."""

from cnn_dash.config import MAX_BLOCKS, MAX_DENSE, ConvBlock, DenseLayer, ModelConfig, RunConfig, flatten

RUN = "run"
"""Not a widget: the parameter of the address that names the run on show."""

HOME_START = "home_start"

TRAIN_PRESET = "train_preset"
TRAIN_BLOCKS = "train_blocks"
TRAIN_DENSE = "train_dense"
TRAIN_START = "train_start"
TRAIN_STOP = "train_stop"
TRAIN_RESET = "train_reset"
TRAIN_UNDO = "train_undo"
TRAIN_DOWNLOAD = "train_download"
TRAIN_ARTICLE_DATA = "train_article_data"
TRAIN_LIVE = "train_live"
TRAIN_NETWORK_CHART = "train_network_chart"
TRAIN_SCHEDULE_CHART = "train_schedule_chart"
TRAIN_TO_EVALUATE = "train_to_evaluate"
TRAIN_TO_PREDICT = "train_to_predict"
TRAIN_ALL_BATCH_NORM = "train_all_batch_norm"
TRAIN_ALL_DROPOUT = "train_all_dropout"
TRAIN_STAGES_CLEAR = "train_stages_clear"
TRAIN_SWEEP = "train_sweep"
TRAIN_SWEEP_OPEN = "train_sweep_open"
TRAIN_SWEEP_CLEAR = "train_sweep_clear"
TRAIN_CANCEL = "train_cancel"
TRAIN_AS_NEW = "train_as_new"

TRAIN_TRY = "train_try"
"""Not a widget: the parameter of the address with the settings of which several values are tried."""
EDIT = "edit"
"""Not a widget: the parameter of the address that names the waiting run whose settings are changed."""

EVALUATE_RUN = "evaluate_run"
EVALUATE_GRID = "evaluate_grid"
EVALUATE_MATRIX = "evaluate_matrix"
EVALUATE_CLASS = "evaluate_class"
EVALUATE_MISTAKES = "evaluate_mistakes"
EVALUATE_SHUFFLE = "evaluate_shuffle"
EVALUATE_PAGE = "evaluate_page"
EVALUATE_TRY_AGAIN = "evaluate_try_again"

PREDICT_RUN = "predict_run"
PREDICT_SOURCE = "predict_source"
PREDICT_CANVAS = "predict_canvas"
PREDICT_UPLOAD = "predict_upload"
PREDICT_UNDO = "predict_undo"
PREDICT_CLEAR = "predict_clear"
PREDICT_ANSWER = "predict_answer"

RUNS_TABLE = "runs_table"


def setting(path: str) -> str:
    """The key of the widget for a setting.

    `train.epochs` → `train_epochs`, `data.dataset` → `train_dataset`, `model.blocks.0.filters` →
    `train_block1_filters`.
    """
    parts = path.split(".")[1:]
    if parts[0] in ("blocks", "dense") and len(parts) == 3:
        kind = "block" if parts[0] == "blocks" else "dense"
        parts = [f"{kind}{int(parts[1]) + 1}", parts[2]]
    return "_".join(["train", *parts])


def sweep(path: str) -> str:
    """The key of the text with the values that are tried of a setting: `train.epochs` → `train_sweep_epochs`."""
    return setting(path).replace("train", TRAIN_SWEEP, 1)


_LARGEST = RunConfig(model=ModelConfig(blocks=(ConvBlock(),) * MAX_BLOCKS, dense=(DenseLayer(),) * MAX_DENSE))

SETTINGS: dict[str, str] = {setting(path): path for path in flatten(_LARGEST) if path != "preset"}
"""Every setting's widget key, and its path."""
