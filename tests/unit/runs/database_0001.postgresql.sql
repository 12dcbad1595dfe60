-- A database of version 0001 with a run of each status: filled by the code of that time, written down by pg_dump.

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
    images_per_second double precision NOT NULL
);

CREATE TABLE public.runs (
    id integer NOT NULL,
    config text NOT NULL,
    status character varying(16) NOT NULL,
    message text,
    stop_requested boolean NOT NULL,
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
    weights_sha256 character varying(64)
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

INSERT INTO public.epochs (run_id, epoch, loss, accuracy, val_loss, val_accuracy, val_auc, learning_rate, seconds, images_per_second) VALUES
	(1, 1, 0.5, 0.8500000000000001, 0.4, 0.88, NULL, 0.001, 1.25, 2950.25),
	(1, 2, 0.25, 0.9, 0.2, 0.9099999999999999, 0.99, 0.001, 1.25, 2950.25),
	(2, 1, 0.5, 0.8500000000000001, 0.4, 0.88, NULL, 0.001, 1.25, 2950.25),
	(5, 1, 0.5, 0.8500000000000001, 0.4, 0.88, NULL, 0.001, 1.25, 2950.25),
	(6, 1, 0.5, 0.8500000000000001, 0.4, 0.88, NULL, 0.001, 1.25, 2950.25);

INSERT INTO public.points (run_id, step, "position", loss, accuracy, learning_rate, images_per_second) VALUES
	(1, 20, 0.31746031746031744, 0.05, 0.95, 0.001, 2900.5),
	(1, 40, 0.6349206349206349, 0.025, 0.975, 0.001, 2900.5),
	(1, 60, 0.9523809523809523, 0.016666666666666666, 0.9833333333333333, 0.001, 2900.5),
	(1, 83, 1.3174603174603174, 0.012048192771084338, 0.9879518072289156, 0.001, 2900.5),
	(1, 103, 1.6349206349206349, 0.009708737864077669, 0.9902912621359223, 0.001, 2900.5),
	(1, 123, 1.9523809523809523, 0.008130081300813009, 0.991869918699187, 0.001, 2900.5),
	(2, 20, 0.31746031746031744, 0.05, 0.95, 0.001, 2900.5),
	(2, 40, 0.6349206349206349, 0.025, 0.975, 0.001, 2900.5),
	(2, 60, 0.9523809523809523, 0.016666666666666666, 0.9833333333333333, 0.001, 2900.5),
	(2, 64, 1.0158730158730158, 0.015625, 0.984375, 0.001, 2900.5),
	(2, 65, 1.0317460317460319, 0.015384615384615385, 0.9846153846153847, 0.001, 2900.5),
	(2, 66, 1.0476190476190477, 0.015151515151515152, 0.9848484848484849, 0.001, 2900.5),
	(5, 20, 0.31746031746031744, 0.05, 0.95, 0.001, 2900.5),
	(5, 40, 0.6349206349206349, 0.025, 0.975, 0.001, 2900.5),
	(5, 60, 0.9523809523809523, 0.016666666666666666, 0.9833333333333333, 0.001, 2900.5),
	(5, 64, 1.0158730158730158, 0.015625, 0.984375, 0.001, 2900.5),
	(5, 65, 1.0317460317460319, 0.015384615384615385, 0.9846153846153847, 0.001, 2900.5),
	(6, 20, 0.31746031746031744, 0.05, 0.95, 0.001, 2900.5),
	(6, 40, 0.6349206349206349, 0.025, 0.975, 0.001, 2900.5),
	(6, 60, 0.9523809523809523, 0.016666666666666666, 0.9833333333333333, 0.001, 2900.5),
	(6, 64, 1.0158730158730158, 0.015625, 0.984375, 0.001, 2900.5),
	(7, 1, 0.015873015873015872, 1, 0, 0.001, 2900.5),
	(7, 2, 0.031746031746031744, 0.5, 0.5, 0.001, 2900.5);

INSERT INTO public.runs (id, config, status, message, stop_requested, parameters, multiply_adds, created_at, claimed_at, first_metric_at, ended_at, attempt, worker_id, worker_pid, worker_host, heartbeat_at, train_images, batches, epoch, batch, images_per_second, test_accuracy, test_loss, best_epoch, seconds, weights_sha256) VALUES
	(1, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}', 'finished', NULL, false, 93322, 2800000, 1795557901.3674817, 1795557901.3710194, 1795557901.3747387, 1795557901.385118, 1, '00000000000000000000000000000001', 4001, 'workshop', 1795557901.3852468, 4000, 63, 2, 0, 2950.25, 0.961, 0.131, 2, 9.75, 'abababababababababababababababababababababababababababababababab'),
	(2, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}', 'stopped', 'Stopped by hand in epoch 2.', true, 93322, 2800000, 1795557901.3863697, 1795557901.3875723, 1795557901.3895195, 1795557901.3975124, 1, '00000000000000000000000000000002', 4002, 'workshop', 1795557901.3976908, 4000, 63, 1, 3, 2800, 0.91, 0.31, 1, 4.5, 'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd'),
	(3, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}', 'stopped', 'Stopped before it began.', false, 93322, 2800000, 1795557901.3982484, NULL, NULL, 1795557901.3992994, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
	(4, '{"preset":"rubikscode","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"leaky_relu","dropout":0.3}]},"train":{"optimizer":"adam","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}', 'failed', 'The loss is not a number. Try a smaller learning rate.', false, 93322, 2800000, 1795557901.4004843, 1795557901.4016614, NULL, 1795557901.4030192, 1, '00000000000000000000000000000003', 4003, 'workshop', 1795557901.4031444, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
	(5, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}', 'interrupted', 'Its worker has not been heard of for 10 s. Start it again with the same settings.', false, 93322, 2800000, 1795557901.403883, 1795557901.404853, 1795557901.4065964, 1795557901.4108891, 1, '00000000000000000000000000000004', 4004, 'workshop', 1795557901.409978, 4000, 63, 1, 2, 2900.5, NULL, NULL, NULL, NULL, NULL),
	(6, '{"preset":"kuzushiji","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"relu","dropout":0.5}]},"train":{"optimizer":"adam","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":128,"epochs":2,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":true,"monitor":"val_loss","patience":5,"keep_best":true,"seed":1}}', 'running', NULL, false, 93322, 2800000, 1795557901.4132035, 1795557901.4164264, 1795557901.4198275, NULL, 1, '00000000000000000000000000000005', 4005, 'workshop', 1795557901.4227655, 4000, 63, 1, 1, 2900.5, NULL, NULL, NULL, NULL, NULL),
	(7, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}', 'running', NULL, true, 93322, 2800000, 1795557901.4234524, 1795557901.424406, 1795557901.4261773, NULL, 1, '00000000000000000000000000000006', 4006, 'workshop', 1795557901.4269521, 4000, 63, 0, 2, 2900.5, NULL, NULL, NULL, NULL, NULL),
	(8, '{"preset":"compact-same","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":200,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}', 'queued', NULL, false, 93322, 2800000, 1795557901.4294813, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL),
	(9, '{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":7}}', 'queued', NULL, false, 93322, 2800000, 1795557901.4301906, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL);

SELECT pg_catalog.setval('public.runs_id_seq', 9, true);

ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_pkey PRIMARY KEY (run_id, epoch);

ALTER TABLE ONLY public.points
    ADD CONSTRAINT points_pkey PRIMARY KEY (run_id, step);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);

CREATE INDEX runs_by_status ON public.runs USING btree (status, id);

ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.points
    ADD CONSTRAINT points_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;
