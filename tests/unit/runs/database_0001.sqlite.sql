-- A database of version 0001 with a run of each status: filled by the code of that time, written down by sqlite3's iterdump.

BEGIN TRANSACTION;
CREATE TABLE epochs (
	run_id INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	loss DOUBLE NOT NULL,
	accuracy DOUBLE NOT NULL,
	val_loss DOUBLE NOT NULL,
	val_accuracy DOUBLE NOT NULL,
	val_auc DOUBLE,
	learning_rate DOUBLE NOT NULL,
	seconds DOUBLE NOT NULL,
	images_per_second DOUBLE NOT NULL,
	PRIMARY KEY (run_id, epoch),
	FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "epochs" VALUES(1,1,0.5,8.50000000000000088817e-01,0.4,0.88,NULL,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(1,2,0.25,0.9,0.2,9.09999999999999920063e-01,0.99,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(2,1,0.5,8.50000000000000088817e-01,0.4,0.88,NULL,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(5,1,0.5,8.50000000000000088817e-01,0.4,0.88,NULL,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(6,1,0.5,8.50000000000000088817e-01,0.4,0.88,NULL,0.001,1.25,2950.25);
CREATE TABLE points (
	run_id INTEGER NOT NULL,
	step INTEGER NOT NULL,
	position DOUBLE NOT NULL,
	loss DOUBLE NOT NULL,
	accuracy DOUBLE NOT NULL,
	learning_rate DOUBLE NOT NULL,
	images_per_second DOUBLE NOT NULL,
	PRIMARY KEY (run_id, step),
	FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "points" VALUES(1,20,3.17460317460317442694e-01,0.05,0.95,0.001,2900.5);
INSERT INTO "points" VALUES(1,40,6.34920634920634885389e-01,0.025,0.975,0.001,2900.5);
INSERT INTO "points" VALUES(1,60,9.52380952380952328084e-01,1.66666666666666664353e-02,9.83333333333333281522e-01,0.001,2900.5);
INSERT INTO "points" VALUES(1,83,1.31746031746031744269e+00,1.20481927710843379764e-02,9.87951807228915623859e-01,0.001,2900.5);
INSERT INTO "points" VALUES(1,103,1.63492063492063488538e+00,9.70873786407766906081e-03,9.90291262135922334408e-01,0.001,2900.5);
INSERT INTO "points" VALUES(1,123,1.95238095238095232808e+00,8.13008130081300899039e-03,0.991869918699187,0.001,2900.5);
INSERT INTO "points" VALUES(2,20,3.17460317460317442694e-01,0.05,0.95,0.001,2900.5);
INSERT INTO "points" VALUES(2,40,6.34920634920634885389e-01,0.025,0.975,0.001,2900.5);
INSERT INTO "points" VALUES(2,60,9.52380952380952328084e-01,1.66666666666666664353e-02,9.83333333333333281522e-01,0.001,2900.5);
INSERT INTO "points" VALUES(2,64,1.01587301587301581662e+00,0.015625,0.984375,0.001,2900.5);
INSERT INTO "points" VALUES(2,65,1.03174603174603185529e+00,1.53846153846153854694e-02,9.84615384615384670041e-01,0.001,2900.5);
INSERT INTO "points" VALUES(2,66,1.04761904761904767191e+00,1.51515151515151519356e-02,9.84848484848484861942e-01,0.001,2900.5);
INSERT INTO "points" VALUES(5,20,3.17460317460317442694e-01,0.05,0.95,0.001,2900.5);
INSERT INTO "points" VALUES(5,40,6.34920634920634885389e-01,0.025,0.975,0.001,2900.5);
INSERT INTO "points" VALUES(5,60,9.52380952380952328084e-01,1.66666666666666664353e-02,9.83333333333333281522e-01,0.001,2900.5);
INSERT INTO "points" VALUES(5,64,1.01587301587301581662e+00,0.015625,0.984375,0.001,2900.5);
INSERT INTO "points" VALUES(5,65,1.03174603174603185529e+00,1.53846153846153854694e-02,9.84615384615384670041e-01,0.001,2900.5);
INSERT INTO "points" VALUES(6,20,3.17460317460317442694e-01,0.05,0.95,0.001,2900.5);
INSERT INTO "points" VALUES(6,40,6.34920634920634885389e-01,0.025,0.975,0.001,2900.5);
INSERT INTO "points" VALUES(6,60,9.52380952380952328084e-01,1.66666666666666664353e-02,9.83333333333333281522e-01,0.001,2900.5);
INSERT INTO "points" VALUES(6,64,1.01587301587301581662e+00,0.015625,0.984375,0.001,2900.5);
INSERT INTO "points" VALUES(7,1,1.58730158730158721347e-02,1.0,0.0,0.001,2900.5);
INSERT INTO "points" VALUES(7,2,3.17460317460317442694e-02,0.5,0.5,0.001,2900.5);
CREATE TABLE runs (
	id INTEGER NOT NULL,
	config TEXT NOT NULL,
	status VARCHAR(16) NOT NULL,
	message TEXT,
	stop_requested BOOLEAN NOT NULL,
	parameters BIGINT NOT NULL,
	multiply_adds BIGINT NOT NULL,
	created_at DOUBLE NOT NULL,
	claimed_at DOUBLE,
	first_metric_at DOUBLE,
	ended_at DOUBLE,
	attempt INTEGER NOT NULL,
	worker_id VARCHAR(32),
	worker_pid INTEGER,
	worker_host VARCHAR(255),
	heartbeat_at DOUBLE,
	train_images INTEGER,
	batches INTEGER,
	epoch INTEGER NOT NULL,
	batch INTEGER NOT NULL,
	images_per_second DOUBLE,
	test_accuracy DOUBLE,
	test_loss DOUBLE,
	best_epoch INTEGER,
	seconds DOUBLE,
	weights_sha256 VARCHAR(64),
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}','finished',NULL,0,93322,2800000,1.79555790023291730883e+09,1.79555790023976016042e+09,1.79555790024576234819e+09,1.79555790026040983193e+09,1,'00000000000000000000000000000001',4001,'workshop',1.79555790026051497465e+09,4000,63,2,0,2950.25,0.961,0.131,2,9.75,'abababababababababababababababababababababababababababababababab');
INSERT INTO "runs" VALUES(2,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}','stopped','Stopped by hand in epoch 2.',1,93322,2800000,1.79555790026161670681e+09,1.79555790026236748689e+09,1.79555790026333236689e+09,1.79555790027019786833e+09,1,'00000000000000000000000000000002',4002,'workshop',1.79555790027028369898e+09,4000,63,1,3,2800.0,0.91,0.31,1,4.5,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
INSERT INTO "runs" VALUES(3,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}','stopped','Stopped before it began.',0,93322,2800000,1.79555790027063107488e+09,NULL,NULL,1.79555790027163195612e+09,0,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(4,'{"preset":"rubikscode","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"leaky_relu","dropout":0.3}]},"train":{"optimizer":"adam","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}','failed','The loss is not a number. Try a smaller learning rate.',0,93322,2800000,1.79555790027328777318e+09,1.79555790027453923227e+09,NULL,1.79555790027520465845e+09,1,'00000000000000000000000000000003',4003,'workshop',1.79555790027527141568e+09,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(5,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}','interrupted','Its worker has not been heard of for 10 s. Start it again with the same settings.',0,93322,2800000,1.79555790027579474446e+09,1.79555790027623105053e+09,1.79555790027702116967e+09,1.79555790028342485424e+09,1,'00000000000000000000000000000004',4004,'workshop',1.79555790028276228906e+09,4000,63,1,2,2900.5,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(6,'{"preset":"kuzushiji","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"relu","dropout":0.5}]},"train":{"optimizer":"adam","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":128,"epochs":2,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":true,"monitor":"val_loss","patience":5,"keep_best":true,"seed":1}}','running',NULL,0,93322,2800000,1.79555790028541111943e+09,1.79555790028591775887e+09,1.79555790028684854504e+09,NULL,1,'00000000000000000000000000000005',4005,'workshop',1.79555790028825616841e+09,4000,63,1,1,2900.5,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(7,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}','running',NULL,1,93322,2800000,1.79555790028859448437e+09,1.79555790028907513613e+09,1.79555790028978180883e+09,NULL,1,'00000000000000000000000000000006',4006,'workshop',1.79555790029018259041e+09,4000,63,0,2,2900.5,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(8,'{"preset":"compact-same","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":200,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":1}}','queued',NULL,0,93322,2800000,1.79555790029483151436e+09,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(9,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":2,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"seed":7}}','queued',NULL,0,93322,2800000,1.79555790029521393771e+09,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE INDEX runs_by_status ON runs (status, id);
COMMIT;
