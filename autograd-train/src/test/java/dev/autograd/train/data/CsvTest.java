package dev.autograd.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  private static final SplitPlan ALL = new SplitPlan(0, 0, 1);
  private static final String FLOWERS =
      """
      length,colour,species
      1.0,red,setosa
      2.0,blue,virginica
      3.0,red,setosa
      ,red,virginica
      6.0,,setosa
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    Path file = folder.resolve("data.csv");
    Files.writeString(file, text);
    return file;
  }

  private DataSplits load(String text, CsvOptions options, SplitPlan plan) throws IOException {
    return DataSources.load(new DataSpec.Csv(file(text), options), plan);
  }

  private InputException failure(String text, CsvOptions options) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        InputException.class, () -> load(text, options, ALL));
  }

  private InputException failure(String text) {
    return failure(text, CsvOptions.defaults());
  }

  @Test
  void numbersAreStandardisedAndTextsBecomeOneHot() throws IOException {
    Dataset data = load(FLOWERS, CsvOptions.defaults(), ALL).train();
    float std = (float) Math.sqrt((4 + 1 + 0 + 9) / 4.0);
    assertThat(data.sampleShape()).containsExactly(3);
    assertThat(data.features())
        .containsExactly(
            new float[] {
              -2 / std, 0, 1, //
              -1 / std, 1, 0, //
              0, 0, 1, //
              0, 0, 1, //
              3 / std, 0, 0
            },
            within(1e-6f));
    Targets.Classes targets = (Targets.Classes) data.targets();
    assertThat(targets.names()).containsExactly("setosa", "virginica");
    assertThat(targets.ids()).containsExactly(0, 1, 0, 1, 0);
    assertThat(((TableEncoding) data.preprocessing()).featureNames())
        .containsExactly("length", "colour=blue", "colour=red");
  }

  @Test
  void statisticsComeFromTheTrainingRowsAlone() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 100; i++) {
      text.append(i * i).append(',').append(i % 2 == 0 ? "a" : "b").append('\n');
    }
    DataSplits splits = load(text.toString(), CsvOptions.defaults(), new SplitPlan(0.3, 0.2, 9));
    assertThat(splits.train().size()).isEqualTo(50);
    assertThat(splits.validation().size()).isEqualTo(30);
    assertThat(splits.test().size()).isEqualTo(20);
    double sum = 0;
    double squares = 0;
    for (float x : splits.train().features()) {
      sum += x;
      squares += x * x;
    }
    assertThat(sum / 50).isCloseTo(0, within(1e-6));
    assertThat(squares / 50).isCloseTo(1, within(1e-5));
    assertThat(mean(splits.validation().features())).isNotCloseTo(0, within(1e-4));
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return sum / values.length;
  }

  @Test
  void theEncodingIsKeptAndServesNewDataWithOtherColumnOrder() throws IOException {
    Dataset data = load(FLOWERS, CsvOptions.defaults(), ALL).train();
    Place place = Place.of("checkpoint");
    Preprocessing kept =
        Preprocessing.fromJson(Json.parse(Json.line(data.preprocessing().toJson()), place), place);
    assertThat(kept).isEqualTo(data.preprocessing());
    Dataset asked =
        DataSources.load(
            stream("note,colour,length\nhello,red,1.0\n"), Place.of("<stdin>"), ',', kept, false);
    assertThat(asked.features()).containsExactly(Arrays.copyOf(data.features(), 3));
    assertThat(asked.targets()).isEqualTo(new Targets.Absent(1));
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void fewWholeNumbersAreClassesInTheirOrderAndManyAreValues() throws IOException {
    Dataset classes = load("x,y\n1,10\n2,9\n3,10\n", CsvOptions.defaults(), ALL).train();
    assertThat(((Targets.Classes) classes.targets()).names()).containsExactly("9", "10");
    Dataset values = load("x,y\n1,0.5\n2,9\n3,10\n", CsvOptions.defaults(), ALL).train();
    assertThat(((Targets.Values) values.targets()).values()).containsExactly(0.5f, 9, 10);
    TargetEncoding.RealTarget target = (TargetEncoding.RealTarget) values.preprocessing().target();
    assertThat(target.mean()).isCloseTo(6.5, within(1e-12));
    assertThat(target.restore(target.standardise(9))).isCloseTo(9, within(1e-12));
    CsvOptions regression =
        new CsvOptions(null, CsvOptions.Task.REGRESSION, List.of(), List.of(), ',');
    assertThat(load("x,y\n1,10\n2,9\n", regression, ALL).train().targets())
        .isInstanceOf(Targets.Values.class);
  }

  @Test
  void theTargetIsFoundByItsNameElseTheLastColumn() throws IOException {
    assertThat(
            load("Label,x\na,1\nb,2\n", CsvOptions.defaults(), ALL)
                .train()
                .preprocessing()
                .target())
        .isEqualTo(new TargetEncoding.ClassTarget("Label", List.of("a", "b")));
    assertThat(
            load("p,q\n1,a\n2,b\n", CsvOptions.defaults(), ALL)
                .train()
                .preprocessing()
                .target()
                .name())
        .isEqualTo("q");
  }

  @Test
  void columnsCanBeDroppedOrReadAsCategories() throws IOException {
    CsvOptions options = new CsvOptions("y", null, List.of("id"), List.of("zip"), ';');
    Dataset data = load("id;zip;y\n1;10;a\n2;20;b\n3;10;b\n", options, ALL).train();
    assertThat(data.features()).containsExactly(1, 0, 0, 1, 1, 0);
  }

  @Test
  void quotesByteOrderMarksGzipAndEmptyLinesAreUnderstood() throws IOException {
    Path file = folder.resolve("data.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          "\uFEFF\"x\",\"y\"\r\n\r\n\"1\",\"a, b\"\r\n2,\"c\"\"d\"\r\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    CsvTable table = CsvTable.read(file, ',');
    assertThat(table.header()).containsExactly("x", "y");
    assertThat(table.field(0, 1)).isEqualTo("a, b");
    assertThat(table.field(1, 1)).isEqualTo("c\"d");
    assertThat(table.placeOf(0).line()).isEqualTo(3);
  }

  @Test
  void aConstantColumnBecomesZeros() throws IOException {
    Dataset data = load("k,x,y\n7,1,a\n7,2,b\n", CsvOptions.defaults(), ALL).train();
    assertThat(data.features()).containsExactly(0, -1, 0, 1);
  }

  @Test
  void aRaggedRowNamesItsLine() {
    assertThat(failure("x,y\n1,a\n2\n"))
        .hasMessageContaining(
            "the row has 1 field, the header 2 in " + folder.resolve("data.csv:3"))
        .hasMessageContaining("missing from column 'y' on")
        .extracting(InputException::exitCode)
        .isEqualTo(4);
    assertThat(failure("x,y\n1,a,b\n")).hasMessageContaining("the row has 3 fields, the header 2");
  }

  @Test
  void emptyFilesAndHeadersWithoutRowsAreErrors() {
    assertThat(failure("")).hasMessageContaining("the file is empty");
    assertThat(failure("x,y\n")).hasMessageContaining("no rows below the header");
    assertThat(failure("1,2\n3,4\n")).hasMessageContaining("there is no header");
    assertThat(failure("x,x\n3,4\n")).hasMessageContaining("'x' stands twice in the header");
    assertThat(failure("x,,y\n3,4,5\n")).hasMessageContaining("column 2 has no name");
  }

  @Test
  void aMissingFileIsNamed() {
    Path none = folder.resolve("none.csv");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> CsvTable.read(none, ','))
        .withMessage("cannot read " + none + ": no such file or folder");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> CsvTable.read(folder, ','))
        .withMessageContaining("it is a folder");
  }

  @Test
  void aTargetThatIsNotThereGetsASuggestion() {
    assertThat(failure(FLOWERS, CsvOptions.defaults().withTarget("specie")))
        .hasMessageContaining("no target column 'specie'")
        .hasMessageContaining("did you mean 'species'?")
        .hasMessageContaining("columns: length, colour, species");
  }

  @Test
  void aRowWithoutTargetNamesItsLine() {
    assertThat(failure("x,y\n1,a\n2,\n3,b\n"))
        .hasMessageContaining("no value in the target column 'y'")
        .hasMessageContaining(":3");
  }

  @Test
  void aSlipInAColumnOfNumbersNamesValueAndLine() {
    assertThat(failure("x,y\n1,a\n2,b\n3,a\n4,b\n5o,a\n6,b\n"))
        .hasMessageContaining("column 'x' mixes numbers and text: 5 of 6 are numbers, but not '5o'")
        .hasMessageContaining(":6");
  }

  @Test
  void targetsThatCannotBeLearntAreErrors() {
    assertThat(failure("x,y\n1,a\n2,a\n")).hasMessageContaining("one class");
    assertThat(
            failure(
                "x,y\n1,a\n2,b\n",
                new CsvOptions(null, CsvOptions.Task.REGRESSION, List.of(), List.of(), ',')))
        .hasMessageContaining("column 'y' holds numbers, got 'a'");
    assertThat(failure("y\na\nb\n")).hasMessageContaining("no columns are left beside the target");
    assertThat(failure("e,y\n,a\n,b\n")).hasMessageContaining("column 'e' has no values at all");
  }

  @Test
  void columnsOfManyTextsAreNotMadeIntoFeatures() {
    StringBuilder text = new StringBuilder("name,y\n");
    for (int i = 0; i < 101; i++) {
      text.append("n").append(i).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    assertThat(failure(text.toString()))
        .hasMessageContaining("101 different texts")
        .hasMessageContaining("drop=name");
  }

  @Test
  void newDataMustFitTheEncoding() throws IOException {
    Preprocessing kept = load(FLOWERS, CsvOptions.defaults(), ALL).train().preprocessing();
    assertThat(predict("length,colour\n1.0,rde\n", kept))
        .hasMessageContaining("unknown category 'rde' in column 'colour' in <stdin>:2")
        .hasMessageContaining("expected one of blue, red")
        .hasMessageContaining("did you mean 'red'?");
    assertThat(predict("length,colour\n0x10,red\n", kept))
        .hasMessageContaining("column 'length' holds numbers, got '0x10' in <stdin>:2");
    assertThat(predict("lenght,colour\n1,red\n", kept))
        .hasMessageContaining("no column 'length'")
        .hasMessageContaining("did you mean 'lenght'?");
    assertThat(predict("length,colour,species\n1,red,rosa\n", kept))
        .hasMessageContaining("unknown class 'rosa'");
  }

  private static InputException predict(String csv, Preprocessing kept) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        InputException.class,
        () -> DataSources.load(stream(csv), Place.of("<stdin>"), ',', kept, false));
  }

  @Test
  void evaluationNeedsTheTarget() throws IOException {
    Preprocessing kept = load(FLOWERS, CsvOptions.defaults(), ALL).train().preprocessing();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                DataSources.load(
                    stream("length,colour\n1,red\n"), Place.of("<stdin>"), ',', kept, true))
        .withMessageContaining("no target column 'species'");
  }

  @Test
  void textThatIsNotUtf8AndQuotesLeftOpenAreErrors() throws IOException {
    Path file = folder.resolve("data.csv");
    Files.write(file, "x,y\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> CsvTable.read(file, ','))
        .withMessageContaining("not UTF-8");
    assertThat(failure("x,y\n1,\"a\n2,b\n" + "z".repeat(1 << 25)))
        .hasMessageContaining("malformed CSV after line 1");
  }

  @Test
  void aQuoteThatNeverClosesNamesItsRow() {
    InputException e = failure("a,b\n1,x\n2,\"y\n3,z\n4,w\n");
    assertThat(e).hasMessageContaining("never closed").hasMessageContaining("data.csv:3");
  }

  @Test
  void quotedFieldsOverSeveralLinesAndInchesAreNoMistake() throws IOException {
    assertThat(load("a,b\n5\",\"x\ny\"\n6,z\n7,z\n", CsvOptions.defaults(), ALL).train().size())
        .isEqualTo(3);
    assertThat(load("a,b\n1,x\n6,\"z\nz\"\n", CsvOptions.defaults(), ALL).train().size())
        .isEqualTo(2);
  }

  @Test
  void anotherSeparatorIsGuessedInTheHint() {
    assertThat(failure("a;b\n1;x\n", CsvOptions.defaults().withTarget("b")))
        .hasMessageContaining("separated by semicolon? csv:PATH?delimiter=semicolon");
  }

  @Test
  void aTruncatedGzipStreamIsAnError() throws IOException {
    Path file = folder.resolve("cut.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < 10_000; i++) {
        out.write((i == 0 ? "x,y\n" : i * 7919 % 10007 + ",a\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> CsvTable.read(file, ','))
        .withMessageContaining("the gzip stream is truncated after line");
  }

  @Test
  void rowsAreHandedOnWhileTheyArriveOverAPipe() throws Exception {
    BlockingQueue<Integer> pieces = new LinkedBlockingQueue<>();
    try (PipedInputStream reader = new PipedInputStream(1 << 12)) {
      Thread consumer;
      try (PipedOutputStream writer = new PipedOutputStream(reader)) {
        consumer =
            Thread.ofVirtual()
                .start(
                    () ->
                        CsvTable.stream(
                            reader, Place.of("<stdin>"), ',', 3, t -> pieces.add(t.size())));
        write(writer, "a,b\n1,2\n");
        assertThat(pieces.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
        write(writer, "1,2\n3,4\n5,6\n7,8\n");
      }
      consumer.join();
    }
    assertThat(pieces.stream().mapToInt(i -> i).sum()).isEqualTo(4);
    assertThat(pieces).allSatisfy(n -> assertThat(n).isLessThanOrEqualTo(3));
  }

  private static void write(PipedOutputStream to, String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.UTF_8));
    to.flush();
  }
}
