"""Keys of the widgets, `page_name`; tests and links rely on them."""

from cnn_dash.config import LARGEST
from cnn_dash.hyperparameters import flatten

RUN = "run"
"""Not a widget: the parameter of the address that names the run on show."""

SIDEBAR = "sidebar"
LIVE_UPDATES = "live_updates"

IMPORT_FILE = "import_file"
IMPORT_NAME = "import_name"
IMPORT_DATASET = "import_dataset"
IMPORT_CLASSES = "import_classes"
IMPORT_SCALING = "import_scaling"
IMPORT_START = "import_start"

HOME_START = "home_start"
HOME_IMPORT = "home_import"
HOME_RUNS = "home_runs"
RUNS_LIST = "runs_list"
RUNS_COMPARE = "runs_compare"
HOME_IN_PROGRESS = "home_in_progress"
HOME_RECENT = "home_recent"

DATA_DATASET = "data_dataset"
DATA_DOWNLOAD = "data_download"
DATA_TRAIN = "data_train"
DATA_PART = "data_part"
DATA_PART_BODY = "data_part_body"
DATA_COUNTS = "data_counts"
DATA_COUNTS_FOUND = "data_counts_found"
DATA_LARGEST_FIRST = "data_largest_first"
DATA_CLASS = "data_class"
DATA_SPLIT = "data_split"
DATA_SHUFFLE = "data_shuffle"
DATA_PAGE = "data_page"
DATA_IMAGES = "data_images"
DATA_MEANS = "data_means"
DATA_MEANS_PAGE = "data_means_page"
DATA_HISTOGRAM = "data_histogram"
DATA_SIZES = "data_sizes"
DATA_DUPLICATES = "data_duplicates"
DATA_DUPLICATES_PAGE = "data_duplicates_page"
DATA_REASON = "data_reason"
DATA_REASON_PAGE = "data_reason_page"
DATA_MAP = "data_map"
DATA_MAP_KIND = "data_map_kind"
DATA_MAP_CLASS = "data_map_class"
DATA_MAP_PAGE = "data_map_page"
DATA_BRING = "data_bring"
DATA_UPLOAD = "data_upload"
DATA_HAND_CLASS = "data_hand_class"
DATA_HAND_SOURCE = "data_hand_source"
DATA_HAND_FILES = "data_hand_files"
DATA_HAND_PHOTO = "data_hand_photo"
DATA_HAND_ADD = "data_hand_add"
DATA_HAND_REMOVE = "data_hand_remove"
DATA_HAND_DONE = "data_hand_done"
DATA_NAME = "data_name"
DATA_TITLE = "data_title"
DATA_LICENCE = "data_licence"
DATA_SIZE = "data_size"
DATA_COLOUR = "data_colour"
DATA_FIT = "data_fit"
DATA_TEST_SHARE = "data_test_share"
DATA_BALANCE = "data_balance"
DATA_IMPORT = "data_import"
DATA_IMPORT_STATE = "data_import_state"
DATA_IMPORT_CANCEL = "data_import_cancel"
DATA_IMPORT_TRAIN = "data_import_train"
DATA_IMPORT_CLOSE = "data_import_close"
DATA_OWN = "data_own"
DATA_OWN_TITLE = "data_own_title"
DATA_OWN_LICENCE = "data_own_licence"
DATA_OWN_SAVE = "data_own_save"
DATA_OWN_DELETE = "data_own_delete"
DATA_OWN_UNDO = "data_own_undo"
DATA_OWN_DOWNLOAD = "data_own_download"
DATA_TRASH = "data_trash"
DATA_TRASH_RESTORE = "data_trash_restore"
DATA_TRASH_EMPTY = "data_trash_empty"
DATA_TRASH_CONFIRM = "data_trash_confirm"

DATASET = "dataset"
"""Not a widget: the parameter of the address that names the data set on show."""

TRAIN_PRESET = "train_preset"
TRAIN_BLOCKS = "train_blocks"
TRAIN_DENSE = "train_dense"
TRAIN_BASE_WEIGHTS = "train_base_weights"
TRAIN_START = "train_start"
TRAIN_STOP = "train_stop"
TRAIN_RESET = "train_reset"
TRAIN_UNDO = "train_undo"
TRAIN_DOWNLOAD = "train_download"
TRAIN_ARTICLE_DATA = "train_article_data"
TRAIN_LIVE = "train_live"
TRAIN_RUN = "train_run"
TRAIN_RUN_PART = "train_run_part"
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
"""Not a widget: the parameter of the address with the settings of which there are several values."""
EDIT = "edit"
"""Not a widget: the parameter of the address that names the waiting run whose settings are changed."""

LIVE_PAUSE = "live_pause"
LIVE_RESUME = "live_resume"
LIVE_STOP = "live_stop"
LIVE_RETRY = "live_retry"
LIVE_EDIT = "live_edit"
LIVE_CLONE = "live_clone"
LIVE_LONGER = "live_longer"
LIVE_LONGER_EPOCHS = "live_longer_epochs"
LIVE_LONGER_START = "live_longer_start"

EXPORT_FROM_TRAIN = "export_from_train"
EXPORT_FROM_RUNS = "export_from_runs"
EXPORT_FROM_EVALUATE = "export_from_evaluate"
EXPORT_FROM_PREDICT = "export_from_predict"
EXPORT_FORMATS = "export_formats"

PREDICT_SCALING = "predict_scaling"
PREDICT_RUN = "predict_run"
PREDICT_OTHER_RUNS = "predict_other_runs"
PREDICT_SOURCE = "predict_source"
PREDICT_CANVAS = "predict_canvas"
PREDICT_UPLOAD = "predict_upload"
PREDICT_CAMERA = "predict_camera"
PREDICT_PAGE = "predict_page"
PREDICT_TOOL = "predict_tool"
PREDICT_WIDTH = "predict_width"
PREDICT_UNDO = "predict_undo"
PREDICT_CLEAR = "predict_clear"
PREDICT_ANSWER = "predict_answer"
PREDICT_CORRECT = "predict_correct"
PREDICT_CORRECTIONS = "predict_corrections"
PREDICT_CARDS = "predict_cards"
PREDICT_DOWNLOAD = "predict_download"
PREDICT_STEPS_ON = "predict_steps_on"

PREDICT_WITH = "with"
"""Not a widget: the parameter of the address that names the runs which answer beside the one on show."""

RUNS_IMPORT = "runs_import"
RUNS_SEARCH = "runs_search"
RUNS_SORT = "runs_sort"
RUNS_DIRECTION = "runs_direction"
RUNS_PAGE = "runs_page"
RUNS_COLUMNS = "runs_columns"
RUNS_DIFFERING = "runs_differing"
RUNS_CLEAR = "runs_clear"
RUNS_PANEL = "runs_panel"
RUNS_TITLE = "runs_title"
RUNS_TAGS = "runs_tags"
RUNS_NOTES = "runs_notes"
RUNS_FAVOURITE = "runs_favourite"
RUNS_OPEN = "runs_open"
RUNS_CLONE = "runs_clone"
RUNS_EVALUATE = "runs_evaluate"
RUNS_DELETE = "runs_delete"
RUNS_DELETE_CONFIRM = "runs_delete_confirm"
RUNS_UNDO = "runs_undo"
RUNS_TRASH = "runs_bin"
RUNS_RESTORE = "runs_restore"
RUNS_EMPTY_TRASH = "runs_empty_bin"
RUNS_EMPTY_TRASH_CONFIRM = "runs_empty_bin_confirm"
RUNS_FREE = "runs_free"
RUNS_FREE_AGE = "runs_free_age"
RUNS_FREE_CONFIRM = "runs_free_confirm"
RUNS_QUEUE = "runs_queue"
RUNS_QUEUE_ALL = "runs_queue_all"
RUNS_FIRST = "runs_first"
RUNS_UP = "runs_up"
RUNS_DOWN = "runs_down"
RUNS_EDIT = "runs_edit"
RUNS_CANCEL = "runs_cancel"
RUNS_TABLE = "runs_table"
RUNS_OVERLAY = "runs_overlay"
RUNS_CURVES = "runs_curves"
RUNS_RESULTS = "runs_results"
RUNS_DIFFERENCES = "runs_differences"
RUNS_PLOTS = "runs_figures"
RUNS_AXIS = "runs_axis"
RUNS_PARTS = "runs_parts"
RUNS_LOG = "runs_log"
RUNS_SMOOTHING = "runs_smoothing"
RUNS_EXPORT = "runs_export"


def setting(path: str) -> str:
    """Return the key of the widget for a setting.

    `train.epochs` → `train_epochs`, `data.dataset` → `train_dataset`, `model.blocks.0.filters` →
    `train_block1_filters`.
    """
    parts = path.split(".")[1:]
    if parts[0] in ("blocks", "dense") and len(parts) == 3:
        kind = "block" if parts[0] == "blocks" else "dense"
        parts = [f"{kind}{int(parts[1]) + 1}", parts[2]]
    return "_".join(["train", *parts])


def of_run(key: str, run_id: int) -> str:
    """Return the key of a widget that there is for each of several runs: `runs_up_12`."""
    return f"{key}_{run_id}"


def numbered(key: str, number: int) -> str:
    """Return the key of one of several alike widgets: `data_hand_remove_0`."""
    return f"{key}_{number}"


def export_make(name: str) -> str:
    """Return the key of the button that has the network made into a format: `export_make_litert_int8`."""
    return f"export_make_{name.replace('-', '_')}"


def export_row(name: str) -> str:
    """Return the key of the row of a format in the export dialog: `export_row_onnx`."""
    return f"export_row_{name.replace('-', '_')}"


def predict_boxes(place: str) -> str:
    """Return the key of a picture with boxes, in one part of the Predict page: `predict_boxes_upload`."""
    return f"predict_boxes_{place}"


def predict_whole(place: str) -> str:
    """Return the key of the button that has the whole of a picture read again."""
    return f"predict_whole_{place}"


def predict_step(name: str) -> str:
    """Return the key of the switch of one step of preparation: `predict_step_remove_lines`."""
    return f"predict_step_{name}"


def sweep(path: str) -> str:
    """Return the key of the text with the several values of a setting: `train.epochs` → `train_sweep_epochs`."""
    return setting(path).replace("train", TRAIN_SWEEP, 1)


SETTINGS: dict[str, str] = {setting(path): path for path in flatten(LARGEST) if path != "preset"}
"""Every setting's widget key, and its path."""
