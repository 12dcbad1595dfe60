-- A database of version 0003 with runs of every status: filled by the code of that time, written down by sqlite3's iterdump.

BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "epochs" VALUES(1,1,0.5,0.8,0.4,0.88,0.989,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(1,2,0.25,0.9,0.2,0.9,0.988,0.0005,1.25,2950.25);
INSERT INTO "epochs" VALUES(1,3,1.66666666666666657414e-01,9.33333333333333348136e-01,0.3,0.88,0.987,3.33333333333333322202e-04,1.25,2950.25);
INSERT INTO "epochs" VALUES(2,1,0.5,0.8,0.4,0.88,0.989,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(3,1,0.5,0.8,0.4,0.88,0.989,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(3,2,0.25,0.9,0.2,0.9,0.988,0.0005,1.25,2950.25);
INSERT INTO "epochs" VALUES(5,1,0.5,0.8,0.4,0.88,NULL,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(5,2,0.25,0.9,0.2,0.9,NULL,0.0005,1.25,2950.25);
INSERT INTO "epochs" VALUES(6,1,0.5,0.8,0.4,0.88,NULL,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(7,1,0.5,0.8,0.4,0.88,0.989,0.001,1.25,2950.25);
INSERT INTO "epochs" VALUES(7,2,0.25,0.9,0.2,0.9,0.988,0.0005,1.25,2950.25);
INSERT INTO "epochs" VALUES(7,3,1.66666666666666657414e-01,9.33333333333333348136e-01,0.3,0.88,0.987,3.33333333333333322202e-04,1.25,2950.25);
CREATE TABLE points (
	run_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	position DOUBLE NOT NULL, 
	loss DOUBLE NOT NULL, 
	accuracy DOUBLE NOT NULL, 
	learning_rate DOUBLE NOT NULL, 
	images_per_second DOUBLE NOT NULL, cpu DOUBLE, gpu DOUBLE, memory_bytes BIGINT, 
	PRIMARY KEY (run_id, step), 
	FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "points" VALUES(1,21,3.33333333333333314829e-01,4.76190476190476164042e-02,9.52380952380952328084e-01,0.001,2900.5,NULL,NULL,NULL);
INSERT INTO "points" VALUES(1,42,6.66666666666666629659e-01,2.38095238095238082021e-02,9.76190476190476164042e-01,0.001,2900.5,0.542,NULL,812000042);
INSERT INTO "points" VALUES(1,63,1.0,1.58730158730158721347e-02,9.84126984126984183376e-01,0.001,2900.5,0.563,NULL,812000063);
INSERT INTO "points" VALUES(1,84,1.33333333333333325931e+00,1.1904761904761904101e-02,9.88095238095238137532e-01,0.0005,2900.5,0.584,NULL,812000084);
INSERT INTO "points" VALUES(1,105,1.66666666666666674068e+00,9.52380952380952466862e-03,9.90476190476190510025e-01,0.0005,2900.5,0.605,NULL,812000105);
INSERT INTO "points" VALUES(1,126,2.0,7.93650793650793606737e-03,9.92063492063492091688e-01,0.0005,2900.5,0.626,NULL,812000126);
INSERT INTO "points" VALUES(1,147,2.33333333333333348136e+00,6.80272108843537389594e-03,9.93197278911564618297e-01,3.33333333333333322202e-04,2900.5,0.647,NULL,812000147);
INSERT INTO "points" VALUES(1,168,2.66666666666666651863e+00,5.95238095238095205052e-03,9.94047619047619068766e-01,3.33333333333333322202e-04,2900.5,0.668,NULL,812000168);
INSERT INTO "points" VALUES(1,189,3.0,5.29100529100529071158e-03,9.94708994708994653777e-01,3.33333333333333322202e-04,2900.5,6.89000000000000056843e-01,NULL,812000189);
INSERT INTO "points" VALUES(2,21,3.33333333333333314829e-01,4.76190476190476164042e-02,9.52380952380952328084e-01,0.001,2900.5,NULL,NULL,NULL);
INSERT INTO "points" VALUES(2,42,6.66666666666666629659e-01,2.38095238095238082021e-02,9.76190476190476164042e-01,0.001,2900.5,0.542,NULL,812000042);
INSERT INTO "points" VALUES(2,63,1.0,1.58730158730158721347e-02,9.84126984126984183376e-01,0.001,2900.5,0.563,NULL,812000063);
INSERT INTO "points" VALUES(2,93,1.47619047619047627506e+00,1.07526881720430116107e-02,0.989247311827957,0.0005,2900.5,0.75,0.25,815000000);
INSERT INTO "points" VALUES(3,21,3.33333333333333314829e-01,4.76190476190476164042e-02,9.52380952380952328084e-01,0.001,2900.5,NULL,NULL,NULL);
INSERT INTO "points" VALUES(3,42,6.66666666666666629659e-01,2.38095238095238082021e-02,9.76190476190476164042e-01,0.001,2900.5,0.542,NULL,812000042);
INSERT INTO "points" VALUES(3,63,1.0,1.58730158730158721347e-02,9.84126984126984183376e-01,0.001,2900.5,0.563,NULL,812000063);
INSERT INTO "points" VALUES(3,84,1.33333333333333325931e+00,1.1904761904761904101e-02,9.88095238095238137532e-01,0.0005,2900.5,0.584,NULL,812000084);
INSERT INTO "points" VALUES(3,105,1.66666666666666674068e+00,9.52380952380952466862e-03,9.90476190476190510025e-01,0.0005,2900.5,0.605,NULL,812000105);
INSERT INTO "points" VALUES(3,126,2.0,7.93650793650793606737e-03,9.92063492063492091688e-01,0.0005,2900.5,0.626,NULL,812000126);
INSERT INTO "points" VALUES(5,21,3.33333333333333314829e-01,4.76190476190476164042e-02,9.52380952380952328084e-01,0.001,2900.5,NULL,NULL,NULL);
INSERT INTO "points" VALUES(5,42,6.66666666666666629659e-01,2.38095238095238082021e-02,9.76190476190476164042e-01,0.001,2900.5,0.542,NULL,812000042);
INSERT INTO "points" VALUES(5,63,1.0,1.58730158730158721347e-02,9.84126984126984183376e-01,0.001,2900.5,0.563,NULL,812000063);
INSERT INTO "points" VALUES(5,84,1.33333333333333325931e+00,1.1904761904761904101e-02,9.88095238095238137532e-01,0.0005,2900.5,0.584,NULL,812000084);
INSERT INTO "points" VALUES(5,105,1.66666666666666674068e+00,9.52380952380952466862e-03,9.90476190476190510025e-01,0.0005,2900.5,0.605,NULL,812000105);
INSERT INTO "points" VALUES(5,126,2.0,7.93650793650793606737e-03,9.92063492063492091688e-01,0.0005,2900.5,0.626,NULL,812000126);
INSERT INTO "points" VALUES(5,133,2.11111111111111116045e+00,7.51879699248120259014e-03,9.92481203007518741898e-01,0.0005,2900.5,0.75,0.25,815000000);
INSERT INTO "points" VALUES(6,21,3.33333333333333314829e-01,4.76190476190476164042e-02,9.52380952380952328084e-01,0.001,2900.5,NULL,NULL,NULL);
INSERT INTO "points" VALUES(6,42,6.66666666666666629659e-01,2.38095238095238082021e-02,9.76190476190476164042e-01,0.001,2900.5,0.542,NULL,812000042);
INSERT INTO "points" VALUES(6,63,1.0,1.58730158730158721347e-02,9.84126984126984183376e-01,0.001,2900.5,0.563,NULL,812000063);
INSERT INTO "points" VALUES(6,75,1.19047619047619046561e+00,1.33333333333333341891e-02,9.86666666666666691831e-01,0.0005,2900.5,0.75,0.25,815000000);
INSERT INTO "points" VALUES(7,21,3.33333333333333314829e-01,4.76190476190476164042e-02,9.52380952380952328084e-01,0.001,2900.5,NULL,NULL,NULL);
INSERT INTO "points" VALUES(7,42,6.66666666666666629659e-01,2.38095238095238082021e-02,9.76190476190476164042e-01,0.001,2900.5,0.542,NULL,812000042);
INSERT INTO "points" VALUES(7,63,1.0,1.58730158730158721347e-02,9.84126984126984183376e-01,0.001,2900.5,0.563,NULL,812000063);
INSERT INTO "points" VALUES(7,84,1.33333333333333325931e+00,1.1904761904761904101e-02,9.88095238095238137532e-01,0.0005,2900.5,0.584,NULL,812000084);
INSERT INTO "points" VALUES(7,105,1.66666666666666674068e+00,9.52380952380952466862e-03,9.90476190476190510025e-01,0.0005,2900.5,0.605,NULL,812000105);
INSERT INTO "points" VALUES(7,126,2.0,7.93650793650793606737e-03,9.92063492063492091688e-01,0.0005,2900.5,0.626,NULL,812000126);
INSERT INTO "points" VALUES(7,147,2.33333333333333348136e+00,6.80272108843537389594e-03,9.93197278911564618297e-01,3.33333333333333322202e-04,2900.5,0.647,NULL,812000147);
INSERT INTO "points" VALUES(7,168,2.66666666666666651863e+00,5.95238095238095205052e-03,9.94047619047619068766e-01,3.33333333333333322202e-04,2900.5,0.668,NULL,812000168);
INSERT INTO "points" VALUES(7,189,3.0,5.29100529100529071158e-03,9.94708994708994653777e-01,3.33333333333333322202e-04,2900.5,6.89000000000000056843e-01,NULL,812000189);
CREATE TABLE "runs" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	config TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	message TEXT, 
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
	request VARCHAR(8), 
	requested_at DOUBLE, 
	heard_at DOUBLE, 
	queued_at DOUBLE NOT NULL, 
	crashes INTEGER NOT NULL, 
	checkpoint VARCHAR(64), 
	checkpoint_before VARCHAR(64), 
	result_folder VARCHAR(64), 
	title VARCHAR(120), 
	notes TEXT NOT NULL, 
	tags TEXT NOT NULL, 
	favourite BOOLEAN NOT NULL, 
	deleted_at DOUBLE
, last_loss DOUBLE, last_accuracy DOUBLE, last_val_loss DOUBLE, last_val_accuracy DOUBLE, last_val_auc DOUBLE, best_loss DOUBLE, best_accuracy DOUBLE, best_val_loss DOUBLE, best_val_accuracy DOUBLE, best_val_auc DOUBLE, result_steps INTEGER);
INSERT INTO "runs" VALUES(1,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":1}}','finished',NULL,93322,2794240,1795614679.62988,1.7956146796377367973e+09,1.79561467965837049482e+09,1.79561467969003367428e+09,1,'00000000000000000000000000000001',4001,'workshop',1.79561467969036364557e+09,4000,63,3,0,2950.25,0.961,3.90000000000000346389e-02,2,9.75,'abababababababababababababababababababababababababababababababab',NULL,NULL,NULL,1795614679.62988,0,'0001-00003-0000000.npz','0001-00002-0000000.npz','result-0001','Baseline Ω','Größer als gedacht.
Second line.','["baseline", "Caf\u00e9"]',1,NULL,1.66666666666666657414e-01,9.33333333333333348136e-01,0.3,0.88,0.987,1.66666666666666657414e-01,9.33333333333333348136e-01,0.2,0.9,0.989,189);
INSERT INTO "runs" VALUES(2,'{"preset":"kuzushiji","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"relu","dropout":0.5}]},"train":{"optimizer":"adam","learning_rate":0.002,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":128,"epochs":3,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":true,"monitor":"val_loss","patience":5,"keep_best":true,"stages":"","seed":1}}','paused',NULL,241546,7599872,1.79561467969282031057e+09,1795614679.69414,1.79561467969798755641e+09,1.79561467970988273626e+09,1,'00000000000000000000000000000002',4002,'workshop',1795614679.71022,4000,63,1,30,2900.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.79561467970835280413e+09,1.79561467969282031057e+09,0,'0001-00001-0000030.npz','0001-00001-0000000.npz',NULL,NULL,'rests','[]',0,NULL,0.5,0.8,0.4,0.88,0.989,0.5,0.8,0.4,0.88,0.989,NULL);
INSERT INTO "runs" VALUES(3,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":1}}','stopped',NULL,93322,2794240,1.79561467971192932125e+09,1.79561467971351575853e+09,1.79561467971959090239e+09,1.7956146797371428013e+09,1,'00000000000000000000000000000003',4003,'workshop',1.79561467973749685285e+09,4000,63,2,0,2950.25,0.91,8.99999999999999689137e-02,2,9.75,'abababababababababababababababababababababababababababababababab',NULL,NULL,NULL,1.79561467971192932125e+09,0,'0001-00002-0000000.npz','0001-00001-0000000.npz','result-0001',NULL,'','[]',0,NULL,0.25,0.9,0.2,0.9,0.988,0.25,0.9,0.2,0.9,0.989,126);
INSERT INTO "runs" VALUES(4,'{"preset":"rubikscode","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":64,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25},{"filters":128,"kernel_size":3,"stride":1,"padding":"same","activation":"leaky_relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.25}],"head":"flatten","dense":[{"units":128,"activation":"leaky_relu","dropout":0.3}]},"train":{"optimizer":"adam","learning_rate":1.0,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.2,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":1}}','failed','The loss is no longer a number.',241546,7599872,1.79561467974056506152e+09,1.79561467974259686471e+09,NULL,1.79561467974888396264e+09,1,'00000000000000000000000000000004',4004,'workshop',1795614679.74924,4000,63,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.79561467974056506152e+09,0,NULL,NULL,NULL,NULL,'','[]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(5,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":5}}','interrupted','Its worker is gone. It goes on by itself from its last checkpoint.',93322,2794240,1.79561467975166678427e+09,1.79561467975337982171e+09,1.79561467975982069975e+09,NULL,1,'00000000000000000000000000000005',4005,'workshop',1.79561467978164505951e+09,4000,63,2,7,2900.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.79561467584911227226e+09,1,'0001-00002-0000007.npz','0001-00002-0000000.npz',NULL,NULL,'','[]',0,NULL,0.25,0.9,0.2,0.9,NULL,0.25,0.9,0.2,0.9,NULL,NULL);
INSERT INTO "runs" VALUES(6,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":6}}','running',NULL,93322,2794240,1.79561467978856444355e+09,1.79561467979039907452e+09,1.79561467979585337633e+09,NULL,1,'00000000000000000000000000000006',4006,'workshop',1.79561467980253577228e+09,4000,63,1,12,2900.5,NULL,NULL,NULL,NULL,NULL,'pause',1.79561467980352926256e+09,NULL,1.79561467978856444355e+09,0,'0001-00001-0000012.npz','0001-00001-0000000.npz',NULL,NULL,'','[]',0,NULL,0.5,0.8,0.4,0.88,NULL,0.5,0.8,0.4,0.88,NULL,NULL);
INSERT INTO "runs" VALUES(7,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":5,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"3/3","seed":7}}','queued',NULL,93322,2794240,1.79561467980468034743e+09,1.79561467980562090873e+09,1.79561467980899524686e+09,NULL,1,'00000000000000000000000000000007',4007,'workshop',1.79561467983347463608e+09,4000,63,3,0,2950.25,0.955,4.5000000000000039968e-02,2,9.75,'abababababababababababababababababababababababababababababababab',NULL,NULL,NULL,1.79561467684911227229e+09,0,'0001-00003-0000000.npz','0001-00002-0000000.npz','result-0001',NULL,'','[]',0,NULL,1.66666666666666657414e-01,9.33333333333333348136e-01,0.3,0.88,0.987,1.66666666666666657414e-01,9.33333333333333348136e-01,0.2,0.9,0.989,189);
INSERT INTO "runs" VALUES(8,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":8}}','queued',NULL,93322,2794240,1.79561467984169912336e+09,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.79561467784911227233e+09,0,NULL,NULL,NULL,NULL,'','[]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(9,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":9}}','queued',NULL,93322,2794240,1.79561467984401631351e+09,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.79561467884911227224e+09,0,NULL,NULL,NULL,NULL,'','["sweep"]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(10,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":10}}','queued',NULL,93322,2794240,1.79561467984608745572e+09,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.79561467484911227226e+09,0,NULL,NULL,NULL,NULL,'','[]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(11,'{"preset":"compact-valid","data":{"dataset":"mnist-5k"},"model":{"blocks":[{"filters":32,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"max","pool_size":2,"dropout":0.0},{"filters":64,"kernel_size":3,"stride":1,"padding":"valid","activation":"relu","batch_norm":false,"pooling":"none","pool_size":2,"dropout":0.0}],"head":"flatten","dense":[{"units":64,"activation":"relu","dropout":0.0}]},"train":{"optimizer":"rmsprop","learning_rate":0.001,"momentum":0.9,"weight_decay":0.004,"schedule":"constant","warmup_epochs":0.0,"step_every":5,"step_factor":0.5,"plateau_patience":3,"batch_size":64,"epochs":3,"validation_fraction":0.1,"label_smoothing":0.0,"augmentation":{"shift":0.0,"rotation":0.0,"zoom":0.0},"early_stopping":false,"monitor":"val_loss","patience":5,"keep_best":false,"stages":"","seed":11}}','queued',NULL,93322,2794240,1.79561467986017608638e+09,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.79561467986017608638e+09,0,NULL,NULL,NULL,NULL,'','[]',0,1.79561467986259531972e+09,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE INDEX runs_by_status ON runs (status, queued_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',11);
COMMIT;
