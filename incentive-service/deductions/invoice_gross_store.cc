#include "incentive-service/deductions/invoice_gross_store.h"

#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/invoice.pb.h"

namespace tributary::incentive {
namespace {

using tributary::inventory::v1::InvoiceLine;

struct GrossOfLine {
  std::string partner;
  std::string fact;
  Money gross;
};

absl::StatusOr<GrossOfLine> GrossFrom(const InvoiceLine& line) {
  GrossOfLine one{.partner = std::string(PartnerOf(line.name()))};
  const std::string prefix = StrCat("partners/", one.partner, "/");
  if (one.partner.empty() || !line.name().starts_with(prefix)) {
    return InvalidField("name", line.name(), "a name that begins with partners/{partner}/");
  }
  one.fact = line.name().substr(prefix.size());
  // A line that states none is billed at its net amount.
  ASSIGN_OR_RETURN(one.gross, wire::FromProto(line.has_gross_amount() ? line.gross_amount() : line.net_amount()));
  return one;
}

}  // namespace

absl::Status InvoiceGrossStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  ASSIGN_OR_RETURN(const std::vector<InvoiceLine> told, events::PayloadsOf<InvoiceLine>(batch));
  if (told.empty()) return absl::OkStatus();
  std::vector<GrossOfLine> lines;
  lines.reserve(told.size());
  for (const InvoiceLine& line : told) {
    ASSIGN_OR_RETURN(GrossOfLine one, GrossFrom(line));
    lines.push_back(std::move(one));
  }
  mysql::Values rows;
  for (const GrossOfLine& one : lines) {
    rows.insert(rows.end(), {one.partner, one.fact, one.gross.amount, one.gross.currency});
  }
  return sql.InsertRows("INSERT INTO invoice_gross (partner, fact, gross_amount, currency) VALUES", 4, rows,
                        "ON DUPLICATE KEY UPDATE gross_amount = VALUES(gross_amount)");
}

absl::StatusOr<std::optional<Money>> InvoiceGrossStore::GrossForUpdate(mysql::Transaction& sql,
                                                                       std::string_view partner,
                                                                       std::string_view invoice) const {
  // All lines of an invoice have one currency, and '0' comes behind '/'.
  const std::string first = StrCat("invoices/", invoice, "/lines/");
  const std::string end = StrCat("invoices/", invoice, "/lines0");
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT gross_amount, currency FROM invoice_gross WHERE partner = ? AND fact >= ? AND "
                             "fact < ? ORDER BY fact FOR UPDATE",
                             {partner, first, end}));
  if (rows.empty()) return std::optional<Money>();
  Money gross{.currency = rows.front().Text(1)};
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(gross, Add(gross, Money{row.Text(1), row.Dec(0)}));
  }
  return std::optional<Money>(std::move(gross));
}

}  // namespace tributary::incentive
