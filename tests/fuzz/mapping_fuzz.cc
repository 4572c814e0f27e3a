// libFuzzer: any text is read as a mapping of tributaryctl's imports, and any rows by it, without a fault. The mapping
// ends where a line of "---" begins the rows. Since few texts are a mapping, the input is also read as the fields of a
// good one.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "cli/mapping/mapping.h"
#include "cli/mapping/row_builder.h"
#include "common/csv/csv_reader.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace {

using namespace tributary;       // NOLINT
using namespace tributary::cli;  // NOLINT

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(const std::string& text, std::string_view rows) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(text, "fuzz");
  if (!mapping.ok()) {
    Require(!mapping.status().message().empty());
    return;
  }
  CsvReader reader(CsvReader::FromText(rows), {.max_field_bytes = 200, .max_row_bytes = 1000, .max_fields = 20});
  CsvRow row;
  if (!reader.Next(&row) || !row.status.ok()) return;
  // Look-up files are not there, so a mapping with look-ups ends here.
  const auto builder = RowBuilder::Make(*mapping, "/nowhere", row.fields, inventory::v1::ShipmentLineRow::descriptor());
  if (!builder.ok()) return;
  while (reader.Next(&row)) {
    if (!row.status.ok() || (*builder)->Skips(row.fields)) continue;
    inventory::v1::ShipmentLineRow message;
    for (const api::v1::RowError& error : (*builder)->Build(row.number, row.fields, &message)) {
      Require(error.row() == row.number && !error.want().empty());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t cut = text.find("\n---\n");
  const std::string fields(text.substr(0, cut));
  const std::string_view rows = cut == std::string_view::npos ? "A,B,C\n1,2013-11-27,x\n" : text.substr(cut + 5);
  Check(fields, rows);
  Check("target: shipments\nservice: inventory\nmethod: m\nfile: f\nfields:\n  line.document: '{A}'\n" + fields, rows);
  return 0;
}
