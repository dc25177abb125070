package dev.autograd.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Puts the commands together, with their errors and their help.
final class Commands {
  private Commands() {}

  static CommandLine of(RootCommand root) {
    CommandLine line = new CommandLine(root);
    line.addSubcommand("train", new TrainCommand(root));
    line.addSubcommand("eval", new EvalCommand(root));
    line.addSubcommand("predict", new PredictCommand(root));
    line.addSubcommand("gradcheck", new GradcheckCommand(root));
    line.addSubcommand("export", ExportCommand.of(root));
    CommandLine ops = new CommandLine(new OpsCommand(root));
    ops.addSubcommand("list", new OpsListCommand(root));
    ops.addSubcommand("show", new OpsShowCommand(root));
    line.addSubcommand("ops", ops);
    line.addSubcommand("runs", new RunsCommand(root));
    line.addSubcommand("doctor", new DoctorCommand(root));
    Errors errors = new Errors(root);
    line.setParameterExceptionHandler(errors);
    line.setExecutionExceptionHandler(errors);
    line.setOut(new PrintWriter(root.out, true, root.out.charset()));
    line.setErr(new PrintWriter(root.err, true, root.err.charset()));
    line.setUsageHelpWidth(90);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(
        parsed -> {
          Integer helped = CommandLine.executeHelpRequest(parsed);
          if (helped != null) {
            return helped;
          }
          try {
            root.apply();
          } catch (CommandException e) {
            return errors.handle(e);
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    help(line);
    return line;
  }

  /// Orders the overview by what people come for; the options that every command has stand there
  /// only.
  private static void help(CommandLine line) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("Main commands", List.of("train", "gradcheck", "export"));
    groups.put("Models", List.of("eval", "predict", "runs"));
    groups.put("About", List.of("ops", "doctor"));
    line.setHelpSectionKeys(
        List.of(
            UsageMessageSpec.SECTION_KEY_HEADER,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
            UsageMessageSpec.SECTION_KEY_FOOTER));
    Map<String, CommandLine.IHelpSectionRenderer> sections =
        new LinkedHashMap<>(line.getHelpSectionMap());
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(
        UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
        help -> {
          StringBuilder text = new StringBuilder();
          groups.forEach(
              (title, names) -> {
                text.append("%n%s:%n".formatted(title));
                for (String name : names) {
                  CommandLine command = line.getSubcommands().get(name);
                  if (command != null) {
                    text.append(
                        "  %-11s %s%n"
                            .formatted(
                                name, command.getCommandSpec().usageMessage().description()[0]));
                  }
                }
              });
          return text.toString();
        });
    sections.put(
        UsageMessageSpec.SECTION_KEY_FOOTER,
        help ->
            """

            Examples:
              autograd train --data digits
              autograd gradcheck matmul conv2d
              autograd export onnx latest -o model.onnx
              autograd --plugin my-ops.jar gradcheck my_op
              autograd ops show softmax

            autograd COMMAND --help tells more about a command.
            """);
    line.setHelpSectionMap(sections);
    line.getCommandSpec().usageMessage().optionListHeading("%nOptions of all commands:%n");
    for (CommandLine command : line.getSubcommands().values()) {
      shorten(command);
    }
  }

  private static void shorten(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.synopsisHeading("Usage: ");
    usage.descriptionHeading("%n");
    usage.parameterListHeading("%n");
    usage.optionListHeading("%n");
    usage.footerHeading("%n");
    Map<String, CommandLine.IHelpSectionRenderer> sections =
        new LinkedHashMap<>(command.getHelpSectionMap());
    sections.put(
        UsageMessageSpec.SECTION_KEY_SYNOPSIS,
        help -> {
          StringBuilder text = new StringBuilder(command.getCommandSpec().qualifiedName());
          if (!command.getSubcommands().isEmpty()) {
            text.append(" [")
                .append(String.join("|", command.getSubcommands().keySet()))
                .append(']');
          }
          command
              .getCommandSpec()
              .positionalParameters()
              .forEach(p -> text.append(' ').append(synopsis(p)));
          return text.append(" [OPTION...]\n").toString();
        });
    sections.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST,
        help -> {
          CommandLine.Help.Layout layout = help.createDefaultLayout();
          command.getCommandSpec().options().stream()
              .filter(o -> !o.inherited())
              .forEach(o -> layout.addOption(o, help.createDefaultParamLabelRenderer()));
          return layout.toString();
        });
    sections.put(
        UsageMessageSpec.SECTION_KEY_FOOTER,
        help ->
            help.footer() + "Options of all commands: autograd --help" + System.lineSeparator());
    command.setHelpSectionMap(sections);
    command.getSubcommands().values().forEach(Commands::shorten);
  }

  private static String synopsis(CommandLine.Model.PositionalParamSpec p) {
    String label = p.paramLabel() + (p.arity().max() > 1 ? "..." : "");
    return p.required() ? label : "[" + label + "]";
  }
}
