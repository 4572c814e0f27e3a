#include "inventory-service/counts/count_proto.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/sites/site.h"
#include "inventory-service/units/line_quantity_proto.h"

namespace tributary::inventory {
namespace {

// The buckets that a line can name have the same numbers in the domain; ALL is none of them.
static_assert(static_cast<int>(Bucket::kOnHand) == v1::CountLine::ON_HAND &&
              static_cast<int>(Bucket::kDemo) == v1::CountLine::DEMO);

}  // namespace

v1::StockCount ToProto(const StockCount& count) {
  v1::StockCount out;
  out.set_name(count.name());
  out.set_uid(count.uid.ToString());
  out.set_etag(EtagOf(count.version));
  *out.mutable_create_time() = wire::ToProto(count.create_time);
  *out.mutable_update_time() = wire::ToProto(count.update_time);
  out.set_state(static_cast<v1::StockCount::State>(count.state));
  out.set_site(SiteName(count.partner, count.site));
  *out.mutable_date() = wire::ToProto(count.date);
  out.set_boundary(static_cast<v1::StockCount::Boundary>(count.boundary));
  out.set_blind(count.blind);
  out.set_complete(count.complete);
  out.set_submitter(count.submitter);
  out.set_approver(count.approver);
  for (const CountLine& line : count.lines) {
    v1::CountLine& one = *out.add_lines();
    one.set_product(ProductName(line.product));
    one.set_lot(line.lot);
    one.set_bucket(line.bucket.has_value() ? static_cast<v1::CountLine::CountedBucket>(*line.bucket)
                                           : v1::CountLine::ALL);
    *one.mutable_counted() = wire::ToProto(line.counted);
    PutUnit(line.unit, line.unit_quantity, &one);
    one.set_listed(line.listed);
  }
  return out;
}

absl::StatusOr<std::vector<CountLine>> FromProto(const google::protobuf::RepeatedPtrField<v1::CountLine>& lines) {
  FieldReader fields;
  std::vector<CountLine> out;
  for (int i = 0; i < lines.size(); ++i) {
    const v1::CountLine& line = lines[i];
    const std::string at = StrCat("lines[", i, "]");
    CountLine one{.product = fields.Id(at + ".product", line.product(), "products/{product}"), .lot = line.lot()};
    if (line.bucket() != v1::CountLine::ALL) one.bucket = static_cast<Bucket>(line.bucket());
    LineQuantity counted =
        TakeLineQuantity("counted", line.has_counted() ? &line.counted() : nullptr, line, fields, at + ".");
    one.counted = counted.quantity;
    one.unit = std::move(counted.unit);
    one.unit_quantity = counted.unit_quantity;
    out.push_back(std::move(one));
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

absl::StatusOr<StockCount> FromProto(const v1::StockCount& count, std::string_view partner) {
  FieldReader fields;
  StockCount out;
  out.partner = partner;
  const auto site = ParseResourceName(count.site(), "partners/{partner}/sites/{site}");
  if (!site.ok() || site->at(0) != partner) {
    fields.Refuse("site", count.site(), SiteName(partner, "{site}"));
  } else {
    out.site = site->at(1);
  }
  out.date = fields.Take("date", wire::FromProto(count.date()));
  out.boundary = static_cast<CountBoundary>(count.boundary());
  out.blind = count.blind();
  out.complete = count.complete();
  auto lines = FromProto(count.lines());
  if (lines.ok()) {
    out.lines = *std::move(lines);
  } else {
    for (const FieldViolation& violation : DetailOf(lines.status()).violations) {
      fields.Refuse(violation.field, violation.got, violation.want);
    }
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
