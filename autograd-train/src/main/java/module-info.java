/// Training: data, configuration, run directories, checkpoints and measures.
module dev.autograd.train {
  requires de.siegmar.fastcsv;
  requires java.compiler;
  requires transitive dev.autograd.nn;
  requires org.snakeyaml.engine;
  requires tools.jackson.jr.ob;
  requires static transitive org.jspecify;

  exports dev.autograd.train;
  exports dev.autograd.train.checkpoint;
  exports dev.autograd.train.config;
  exports dev.autograd.train.data;
  exports dev.autograd.train.json;
  exports dev.autograd.train.metrics;
  exports dev.autograd.train.model;
  exports dev.autograd.train.run;
}
