package io.plantroom.hub.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.junit.jupiter.api.Test;

class SheetTest {
  @Test
  void aNameIsNeverAFormulaAndCommasAndQuotesSurvive() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Sheet sheet = new CsvSheet(out)) {
      sheet.row(Arrays.asList("=1+1", "a,\"b\"", null, -1.5));
    }

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("\uFEFF'=1+1,\"a,\"\"b\"\"\",,-1.5\r\n");
  }

  @Test
  void aFullSheetIsFollowedByAnotherWithTheSameHead() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Sheet sheet = new XlsxSheet(out, 3)) {
      sheet.row(List.of("head"));
      for (int i = 0; i < 4; i++) {
        sheet.row(List.of(i));
      }
    }

    try (ReadableWorkbook book =
        new ReadableWorkbook(new ByteArrayInputStream(out.toByteArray()))) {
      List<List<String>> sheets =
          book.getSheets()
              .map(
                  s -> {
                    try {
                      return s.read().stream().map(r -> r.getCell(0).getRawValue()).toList();
                    } catch (java.io.IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  })
              .toList();
      assertThat(sheets).containsExactly(List.of("head", "0", "1"), List.of("head", "2", "3"));
    }
  }
}
