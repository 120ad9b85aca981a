package io.millrace.cli.schema;

import io.millrace.core.registry.ReferencedTypes;
import io.millrace.core.registry.RegistrySubjects;
import io.millrace.core.registry.SchemaText;
import io.millrace.producer.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option for types that a schema's file uses and another subject defines. */
final class ReferenceOptions {
  @Option(
      names = "--references",
      paramLabel = "TYPE=SUBJECT:VERSION",
      converter = ReferenceConverter.class,
      description =
          "A type that the file uses and another subject defines; VERSION is a number or latest."
              + " May be repeated.")
  private List<Reference> references = new ArrayList<>();

  /**
   * @param version empty for the latest
   */
  private record Reference(String type, String subject, OptionalInt version) {
    SchemaText.Reference resolved(RegistrySubjects registry) {
      return new SchemaText.Reference(
          type, subject, version.orElseGet(() -> registry.latest(subject).version()));
    }
  }

  /** A schema from a file, and how the registry is told of it. */
  record FromFile(Schema schema, SchemaText text) {}

  /**
   * @param file path of an .avsc file, or the name of a bundled schema
   */
  FromFile read(String file, RegistrySubjects registry) {
    List<SchemaText.Reference> resolved =
        references.stream().map(reference -> reference.resolved(registry)).toList();
    ReferencedTypes types = registry.types();
    types.add(resolved);
    Schema schema = Schemas.load(file, types.known());
    return new FromFile(schema, new SchemaText(types.text(schema), resolved));
  }

  static final class ReferenceConverter implements ITypeConverter<Reference> {
    private static final Pattern FORM = Pattern.compile("([^=]+)=(.+):([1-9]\\d{0,8}|latest)");

    @Override
    public Reference convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not TYPE=SUBJECT:VERSION, such as shop.Part=part-value:2");
      }
      OptionalInt version =
          form.group(3).equals("latest")
              ? OptionalInt.empty()
              : OptionalInt.of(Integer.parseInt(form.group(3)));
      return new Reference(form.group(1), form.group(2), version);
    }
  }
}
