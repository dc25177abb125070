package dev.autograd.onnx;

import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.schema.OpSchema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A node whose values have no names yet. Compared by identity: two equal dropouts are not one.
///
/// @param schema its operator's form, or null in another domain than ONNX's own
/// @param label the name it would have if nothing else had it
/// @param bodies attributes that are graphs still under construction
/// @param outputs filled once, right after the node is made
record PendingNode(
    String opType,
    String domain,
    @Nullable OpSchema schema,
    String label,
    List<@Nullable GraphValue> inputs,
    Map<String, OnnxAttribute> attributes,
    Map<String, GraphBuilder> bodies,
    String doc,
    Map<String, String> metadata,
    List<GraphValue> outputs) {}
