#pragma once

// What the lines and documents of invoices and credit notes share on the wire. `Message` is v1::InvoiceLine,
// v1::CreditNoteLine, v1::Invoice or v1::CreditNote.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "google/protobuf/repeated_field.h"
#include "inventory-service/billing/billed_line.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/facts/quantity_proto.h"

namespace tributary::inventory {

template <typename Line, typename Message>
void PutLine(const Line& line, Message* out) {
  const auto money = [&](Decimal amount) { return wire::ToProto(Money{line.head.currency, amount}); };
  out->set_name(NameOf(line));
  out->set_partner(PartnerName(line.partner));
  out->set_document(line.document);
  out->set_line(line.line);
  out->set_product(ProductName(line.product));
  PutQuantity(line, out);
  *out->mutable_net_amount() = money(line.net_amount);
  *out->mutable_tax_amount() = money(line.tax_amount);
  *out->mutable_gross_amount() = money(line.gross_amount);
  out->set_tax_document_number(line.head.tax_document_number);
  if (!line.product_line.empty()) out->set_product_line(StrCat("productLines/", line.product_line));
  if (IsReversal(line.generation)) {
    Line reversed = line;
    --reversed.generation;
    out->set_reverses(NameOf(reversed));
  }
  if (line.import_id.has_value()) out->set_import(StrCat("imports/", line.import_id->ToString()));
  if (line.seq != 0) *out->mutable_record_time() = wire::ToProto(line.recorded_at);
}

template <typename Message>
void PutDocument(const BilledDocument& document, Message* out) {
  const auto money = [&](Decimal amount) { return wire::ToProto(Money{document.head.currency, amount}); };
  out->set_name(document.name());
  *out->mutable_create_time() = wire::ToProto(document.create_time);
  *out->mutable_update_time() = wire::ToProto(document.update_time);
  *out->mutable_net_amount() = money(document.net_amount);
  *out->mutable_tax_amount() = money(document.tax_amount);
  *out->mutable_gross_amount() = money(document.gross_amount);
  out->set_tax_document_number(document.head.tax_document_number);
}

// Everything but dates and what one kind alone has.
template <typename Message, typename Line>
void ReadLine(const Message& line, FieldReader& fields, Line* out) {
  out->partner = fields.Id("partner", line.partner(), "partners/{partner}");
  out->document = line.document();
  if (!IsDocumentSegment(out->document)) fields.Refuse("document", out->document, "1 to 64 of A-Za-z0-9._~-");
  out->line = line.line();
  out->product = fields.Id("product", line.product(), "products/{product}");
  TakeQuantity(line, fields, out);
  const Money gross = fields.Take("gross_amount", wire::FromProto(line.gross_amount()));
  out->head.currency = gross.currency;
  const auto amount = [&](const char* field, const google::type::Money& stated) {
    const Money money = fields.Take(field, wire::FromProto(stated));
    if (money.currency != gross.currency) {
      fields.Refuse(StrCat(field, ".currency_code"), money.currency,
                    StrCat(gross.currency, ", the currency of gross_amount"));
    }
    return money.amount;
  };
  out->gross_amount = gross.amount;
  out->net_amount = amount("net_amount", line.net_amount());
  if (line.has_tax_amount()) out->tax_amount = amount("tax_amount", line.tax_amount());
  if (out->net_amount + out->tax_amount != out->gross_amount) {
    fields.Refuse("gross_amount", out->gross_amount.ToString(),
                  StrCat((out->net_amount + out->tax_amount).ToString(), ", net_amount + tax_amount"));
  }
  out->head.tax_document_number = line.tax_document_number();
  const std::string& number = out->head.tax_document_number;
  if (std::any_of(number.begin(), number.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    fields.Refuse("tax_document_number", number, "one line without control characters");
  }
}

// The lines of a document that is stated as a whole: all of one document and of the partner in `parent`. Everything
// that is wrong is told at once. `read` reads a line (absl::StatusOr<Line>), `field_of` gives its path.
template <typename Line, typename Message, typename Read>
absl::StatusOr<std::vector<Stated<Line>>> ReadLines(const google::protobuf::RepeatedPtrField<Message>& lines,
                                                    std::string_view partner, Read read,
                                                    absl::FunctionRef<std::string(int64_t)> field_of) {
  FieldReader fields;
  std::vector<Stated<Line>> stated;
  if (lines.empty()) fields.Refuse(field_of(0), "none", "at least one line");
  for (int i = 0; i < lines.size(); ++i) {
    Line line = fields.Take(field_of(i), read(lines[i]));
    if (!line.partner.empty() && line.partner != partner) {
      fields.Refuse(field_of(i) + ".partner", lines[i].partner(), StrCat(PartnerName(partner), ", the parent"));
    }
    if (lines[i].document() != lines[0].document()) {
      fields.Refuse(field_of(i) + ".document", lines[i].document(),
                    StrCat(lines[0].document(), ", the document of the first line"));
    }
    stated.push_back({i, std::move(line)});
  }
  RETURN_IF_ERROR(fields.status());
  return stated;
}

}  // namespace tributary::inventory
