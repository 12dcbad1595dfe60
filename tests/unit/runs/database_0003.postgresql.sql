-- A database of version 0003 with runs of every status: filled by the code of that time, written down by pg_dump.

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.epochs (
    run_id integer NOT NULL,
    epoch integer NOT NULL,
    loss double precision NOT NULL,
    accuracy double precision NOT NULL,
    val_loss double precision NOT NULL,
    val_accuracy double precision NOT NULL,
    val_auc double precision,
    learning_rate double precision NOT NULL,
    seconds double precision NOT NULL,
    images_per_second double precision NOT NULL
);

CREATE TABLE public.points (
    run_id integer NOT NULL,
    step integer NOT NULL,
    "position" double precision NOT NULL,
    loss double precision NOT NULL,
    accuracy double precision NOT NULL,
    learning_rate double precision NOT NULL,
    images_per_second double precision NOT NULL,
    cpu double precision,
    gpu double precision,
    memory_bytes bigint
);

CREATE TABLE public.runs (
    id integer NOT NULL,
    config text NOT NULL,
    status character varying(16) NOT NULL,
    message text,
    parameters bigint NOT NULL,
    multiply_adds bigint NOT NULL,
    created_at double precision NOT NULL,
    claimed_at double precision,
    first_metric_at double precision,
    ended_at double precision,
    attempt integer NOT NULL,
    worker_id character varying(32),
    worker_pid integer,
    worker_host character varying(255),
    heartbeat_at double precision,
    train_images integer,
    batches integer,
    epoch integer NOT NULL,
    batch integer NOT NULL,
    images_per_second double precision,
    test_accuracy double precision,
    test_loss double precision,
    best_epoch integer,
    seconds double precision,
    weights_sha256 character varying(64),
    request character varying(8),
    requested_at double precision,
    heard_at double precision,
    queued_at double precision NOT NULL,
    crashes integer NOT NULL,
    checkpoint character varying(64),
    checkpoint_before character varying(64),
    result_folder character varying(64),
    title character varying(120),
    notes text NOT NULL,
    tags text NOT NULL,
    favourite boolean NOT NULL,
    deleted_at double precision,
    last_loss double precision,
    last_accuracy double precision,
    last_val_loss double precision,
    last_val_accuracy double precision,
    last_val_auc double precision,
    best_loss double precision,
    best_accuracy double precision,
    best_val_loss double precision,
    best_val_accuracy double precision,
    best_val_auc double precision,
    result_steps integer
);

CREATE SEQUENCE public.runs_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.runs_id_seq OWNED BY public.runs.id;

ALTER TABLE ONLY public.runs ALTER COLUMN id SET DEFAULT nextval('public.runs_id_seq'::regclass);

INSERT INTO public.alembic_version (version_num) VALUES
	('0003');

INSERT INTO public.epochs (run_id, epoch, loss, accuracy, val_loss, val_accuracy, val_auc, learning_rate, seconds, images_per_second) VALUES
	(1, 1, 0.5, 0.8, 0.4, 0.88, 0.989, 0.001, 1.25, 2950.25),
	(1, 2, 0.25, 0.9, 0.2, 0.9, 0.988, 0.0005, 1.25, 2950.25),
	(1, 3, 0.16666666666666666, 0.9333333333333333, 0.3, 0.88, 0.987, 0.0003333333333333333, 1.25, 2950.25),
	(2, 1, 0.5, 0.8, 0.4, 0.88, 0.989, 0.001, 1.25, 2950.25),
	(3, 1, 0.5, 0.8, 0.4, 0.88, 0.989, 0.001, 1.25, 2950.25),
	(3, 2, 0.25, 0.9, 0.2, 0.9, 0.988, 0.0005, 1.25, 2950.25),
	(5, 1, 0.5, 0.8, 0.4, 0.88, NULL, 0.001, 1.25, 2950.25),
	(5, 2, 0.25, 0.9, 0.2, 0.9, NULL, 0.0005, 1.25, 2950.25),
	(6, 1, 0.5, 0.8, 0.4, 0.88, NULL, 0.001, 1.25, 2950.25),
	(7, 1, 0.5, 0.8, 0.4, 0.88, 0.989, 0.001, 1.25, 2950.25),
	(7, 2, 0.25, 0.9, 0.2, 0.9, 0.988, 0.0005, 1.25, 2950.25),
	(7, 3, 0.16666666666666666, 0.9333333333333333, 0.3, 0.88, 0.987, 0.0003333333333333333, 1.25, 2950.25);

INSERT INTO public.points (run_id, step, "position", loss, accuracy, learning_rate, images_per_second, cpu, gpu, memory_bytes) VALUES
	(1, 21, 0.3333333333333333, 0.047619047619047616, 0.9523809523809523, 0.001, 2900.5, NULL, NULL, NULL),
	(1, 42, 0.6666666666666666, 0.023809523809523808, 0.9761904761904762, 0.001, 2900.5, 0.542, NULL, 812000042),
	(1, 63, 1, 0.015873015873015872, 0.9841269841269842, 0.001, 2900.5, 0.563, NULL, 812000063),
	(1, 84, 1.3333333333333333, 0.011904761904761904, 0.9880952380952381, 0.0005, 2900.5, 0.584, NULL, 812000084),
	(1, 105, 1.6666666666666667, 0.009523809523809525, 0.9904761904761905, 0.0005, 2900.5, 0.605, NULL, 812000105),
	(1, 126, 2, 0.007936507936507936, 0.9920634920634921, 0.0005, 2900.5, 0.626, NULL, 812000126),
	(1, 147, 2.3333333333333335, 0.006802721088435374, 0.9931972789115646, 0.0003333333333333333, 2900.5, 0.647, NULL, 812000147),
	(1, 168, 2.6666666666666665, 0.005952380952380952, 0.9940476190476191, 0.0003333333333333333, 2900.5, 0.668, NULL, 812000168),
	(1, 189, 3, 0.005291005291005291, 0.9947089947089947, 0.0003333333333333333, 2900.5, 0.6890000000000001, NULL, 812000189),
	(2, 21, 0.3333333333333333, 0.047619047619047616, 0.9523809523809523, 0.001, 2900.5, NULL, NULL, NULL),
	(2, 42, 0.6666666666666666, 0.023809523809523808, 0.9761904761904762, 0.001, 2900.5, 0.542, NULL, 812000042),
	(2, 63, 1, 0.015873015873015872, 0.9841269841269842, 0.001, 2900.5, 0.563, NULL, 812000063),
	(2, 93, 1.4761904761904763, 0.010752688172043012, 0.989247311827957, 0.0005, 2900.5, 0.75, 0.25, 815000000),
	(3, 21, 0.3333333333333333, 0.047619047619047616, 0.9523809523809523, 0.001, 2900.5, NULL, NULL, NULL),
	(3, 42, 0.6666666666666666, 0.023809523809523808, 0.9761904761904762, 0.001, 2900.5, 0.542, NULL, 812000042),
	(3, 63, 1, 0.015873015873015872, 0.9841269841269842, 0.001, 2900.5, 0.563, NULL, 812000063),
	(3, 84, 1.3333333333333333, 0.011904761904761904, 0.9880952380952381, 0.0005, 2900.5, 0.584, NULL, 812000084),
	(3, 105, 1.6666666666666667, 0.009523809523809525, 0.9904761904761905, 0.0005, 2900.5, 0.605, NULL, 812000105),
	(3, 126, 2, 0.007936507936507936, 0.9920634920634921, 0.0005, 2900.5, 0.626, NULL, 812000126),
	(5, 21, 0.3333333333333333, 0.047619047619047616, 0.9523809523809523, 0.001, 2900.5, NULL, NULL, NULL),
	(5, 42, 0.6666666666666666, 0.023809523809523808, 0.9761904761904762, 0.001, 2900.5, 0.542, NULL, 812000042),
	(5, 63, 1, 0.015873015873015872, 0.9841269841269842, 0.001, 2900.5, 0.563, NULL, 812000063),
	(5, 84, 1.3333333333333333, 0.011904761904761904, 0.9880952380952381, 0.0005, 2900.5, 0.584, NULL, 812000084),
	(5, 105, 1.6666666666666667, 0.009523809523809525, 0.9904761904761905, 0.0005, 2900.5, 0.605, NULL, 812000105),
	(5, 126, 2, 0.007936507936507936, 0.9920634920634921, 0.0005, 2900.5, 0.626, NULL, 812000126),
	(5, 133, 2.111111111111111, 0.007518796992481203, 0.9924812030075187, 0.0005, 2900.5, 0.75, 0.25, 815000000),
	(6, 21, 0.3333333333333333, 0.047619047619047616, 0.9523809523809523, 0.001, 2900.5, NULL, NULL, NULL),
	(6, 42, 0.6666666666666666, 0.023809523809523808, 0.9761904761904762, 0.001, 2900.5, 0.542, NULL, 812000042),
	(6, 63, 1, 0.015873015873015872, 0.9841269841269842, 0.001, 2900.5, 0.563, NULL, 812000063),
	(6, 75, 1.1904761904761905, 0.013333333333333334, 0.9866666666666667, 0.0005, 2900.5, 0.75, 0.25, 815000000),
	(7, 21, 0.3333333333333333, 0.047619047619047616, 0.9523809523809523, 0.001, 2900.5, NULL, NULL, NULL),
	(7, 42, 0.6666666666666666, 0.023809523809523808, 0.9761904761904762, 0.001, 2900.5, 0.542, NULL, 812000042),
	(7, 63, 1, 0.015873015873015872, 0.9841269841269842, 0.001, 2900.5, 0.563, NULL, 812000063),
	(7, 84, 1.3333333333333333, 0.011904761904761904, 0.9880952380952381, 0.0005, 2900.5, 0.584, NULL, 812000084),
	(7, 105, 1.6666666666666667, 0.009523809523809525, 0.9904761904761905, 0.0005, 2900.5, 0.605, NULL, 812000105),
	(7, 126, 2, 0.007936507936507936, 0.9920634920634921, 0.0005, 2900.5, 0.626, NULL, 812000126),
	(7, 147, 2.3333333333333335, 0.006802721088435374, 0.9931972789115646, 0.0003333333333333333, 2900.5, 0.647, NULL, 812000147),
	(7, 168, 2.6666666666666665, 0.005952380952380952, 0.9940476190476191, 0.0003333333333333333, 2900.5, 0.668, NULL, 812000168),
	(7, 189, 3, 0.005291005291005291, 0.9947089947089947, 0.0003333333333333333, 2900.5, 0.6890000000000001, NULL, 812000189);

INSERT INTO public.runs (id, config, status, message, parameters, multiply_adds, created_at, claimed_at, first_metric_at, ended_at, attempt, worker_id, worker_pid, worker_host, heartbeat_at, train_images, batches, epoch, batch, images_per_second, test_accuracy, test_loss, best_epoch, seconds, weights_sha256, request, requested_at, heard_at, queued_at, crashes, checkpoint, checkpoint_before, result_folder, title, notes, tags, favourite, deleted_at, last_loss, last_accuracy, last_val_loss, last_val_accuracy, last_val_auc, best_loss, best_accuracy, best_val_loss, best_val_accuracy, best_val_auc, result_steps) VALUES
	(1, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":1}}', 'finished', NULL, 93322, 2794240, 1795614682.8952742, 1795614682.9058232, 1795614682.9318986, 1795614682.9898298, 1, '00000000000000000000000000000001', 4001, 'workshop', 1795614682.990362, 4000, 63, 3, 0, 2950.25, 0.961, 0.039000000000000035, 2, 9.75, 'abababababababababababababababababababababababababababababababab', NULL, NULL, NULL, 1795614682.8952742, 0, '0001-00003-0000000.npz', '0001-00002-0000000.npz', 'result-0001', 'Baseline Ω', 'Größer als gedacht.
Second line.', '["baseline", "Caf\u00e9"]', true, NULL, 0.16666666666666666, 0.9333333333333333, 0.3, 0.88, 0.987, 0.16666666666666666, 0.9333333333333333, 0.2, 0.9, 0.989, 189),
	(2, '{"preset":"kuzushiji","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"relu","dropout":0.5}]},"train":{"optimizer":"adam","learning_rate":0.002,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":128,"epochs":3,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":true,"monitor":"val_loss","patience":5,"keep_best":true,"stages":"","seed":1}}', 'paused', NULL, 241546, 7599872, 1795614682.9946537, 1795614682.9977643, 1795614683.0081754, 1795614683.0401967, 1, '00000000000000000000000000000002', 4002, 'workshop', 1795614683.0410988, 4000, 63, 1, 30, 2900.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795614683.0363758, 1795614682.9946537, 0, '0001-00001-0000030.npz', '0001-00001-0000000.npz', NULL, NULL, 'rests', '[]', false, NULL, 0.5, 0.8, 0.4, 0.88, 0.989, 0.5, 0.8, 0.4, 0.88, 0.989, NULL),
	(3, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":1}}', 'stopped', NULL, 93322, 2794240, 1795614683.045182, 1795614683.0486228, 1795614683.060071, 1795614683.0891576, 1, '00000000000000000000000000000003', 4003, 'workshop', 1795614683.0897238, 4000, 63, 2, 0, 2950.25, 0.91, 0.08999999999999997, 2, 9.75, 'abababababababababababababababababababababababababababababababab', NULL, NULL, NULL, 1795614683.045182, 0, '0001-00002-0000000.npz', '0001-00001-0000000.npz', 'result-0001', NULL, '', '[]', false, NULL, 0.25, 0.9, 0.2, 0.9, 0.988, 0.25, 0.9, 0.2, 0.9, 0.989, 126),
	(4, '{"preset":"rubikscode","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"leaky_relu","dropout":0.3}]},"train":{"optimizer":"adam","learning_rate":1.0,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":1}}', 'failed', 'The loss is no longer a number.', 241546, 7599872, 1795614683.092252, 1795614683.0949929, NULL, 1795614683.105247, 1, '00000000000000000000000000000004', 4004, 'workshop', 1795614683.1060462, 4000, 63, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795614683.092252, 0, NULL, NULL, NULL, NULL, '', '[]', false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(5, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":5}}', 'interrupted', 'Its worker is gone. It goes on by itself from its last checkpoint.', 93322, 2794240, 1795614683.109758, 1795614683.1129694, 1795614683.1232696, NULL, 1, '00000000000000000000000000000005', 4005, 'workshop', 1795614683.1517258, 4000, 63, 2, 7, 2900.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795614679.2696, 1, '0001-00002-0000007.npz', '0001-00002-0000000.npz', NULL, NULL, '', '[]', false, NULL, 0.25, 0.9, 0.2, 0.9, NULL, 0.25, 0.9, 0.2, 0.9, NULL, NULL),
	(6, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":6}}', 'running', NULL, 93322, 2794240, 1795614683.1606495, 1795614683.163995, 1795614683.1740103, NULL, 1, '00000000000000000000000000000006', 4006, 'workshop', 1795614683.1898224, 4000, 63, 1, 12, 2900.5, NULL, NULL, NULL, NULL, NULL, 'pause', 1795614683.1926057, NULL, 1795614683.1606495, 0, '0001-00001-0000012.npz', '0001-00001-0000000.npz', NULL, NULL, '', '[]', false, NULL, 0.5, 0.8, 0.4, 0.88, NULL, 0.5, 0.8, 0.4, 0.88, NULL, NULL),
	(10, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":10}}', 'queued', NULL, 93322, 2794240, 1795614683.2649806, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795614678.2696, 0, NULL, NULL, NULL, NULL, '', '[]', false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(7, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":5,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"3/3","seed":7}}', 'queued', NULL, 93322, 2794240, 1795614683.1951673, 1795614683.1973178, 1795614683.2066169, NULL, 1, '00000000000000000000000000000007', 4007, 'workshop', 1795614683.2477844, 4000, 63, 3, 0, 2950.25, 0.955, 0.04500000000000004, 2, 9.75, 'abababababababababababababababababababababababababababababababab', NULL, NULL, NULL, 1795614680.2696, 0, '0001-00003-0000000.npz', '0001-00002-0000000.npz', 'result-0001', NULL, '', '[]', false, NULL, 0.16666666666666666, 0.9333333333333333, 0.3, 0.88, 0.987, 0.16666666666666666, 0.9333333333333333, 0.2, 0.9, 0.989, 189),
	(8, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":8}}', 'queued', NULL, 93322, 2794240, 1795614683.258605, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795614681.2696, 0, NULL, NULL, NULL, NULL, '', '[]', false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(9, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":9}}', 'queued', NULL, 93322, 2794240, 1795614683.2617884, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795614682.2696, 0, NULL, NULL, NULL, NULL, '', '["sweep"]', false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(11, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":11}}', 'queued', NULL, 93322, 2794240, 1795614683.289477, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1795614683.289477, 0, NULL, NULL, NULL, NULL, '', '[]', false, 1795614683.2931893, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

SELECT pg_catalog.setval('public.runs_id_seq', 11, true);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_pkey PRIMARY KEY (run_id, epoch);

ALTER TABLE ONLY public.points
    ADD CONSTRAINT points_pkey PRIMARY KEY (run_id, step);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);

CREATE INDEX runs_by_status ON public.runs USING btree (status, queued_at);

ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.points
    ADD CONSTRAINT points_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;
