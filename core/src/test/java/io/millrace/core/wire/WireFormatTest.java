package io.millrace.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireFormatTest {
  private static final String GUID = "01fffefdfcfbfaf9f80102030405060708";

  @Test
  void aHeaderNamesItsSchemaByIdOrByGuid() {
    assertThat(WireFormat.schemaKey(bytes("00fffefdfc"))).contains(SchemaKey.ofId(0xfffefdfc));
    assertThat(WireFormat.schemaKey(bytes(GUID)))
        .contains(SchemaKey.ofGuid(UUID.fromString("fffefdfc-fbfa-f9f8-0102-030405060708")));
    // Confluent's reader looks no further either.
    assertThat(WireFormat.schemaKey(bytes(GUID + "09")))
        .isEqualTo(WireFormat.schemaKey(bytes(GUID)));
  }

  @Test
  void aHeaderThatIsCutOrOfAnotherKindNamesNone() {
    byte[] guid = bytes(GUID);
    for (int length = 0; length < guid.length; length++) {
      assertThat(WireFormat.schemaKey(Arrays.copyOf(guid, length))).isEmpty();
    }
    assertThat(WireFormat.schemaKey(bytes("00000001"))).isEmpty();
    assertThat(WireFormat.schemaKey(bytes("0200000001"))).isEmpty();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
