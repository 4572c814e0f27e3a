#include "partner-service/exchange_rates/exchange_rate_proto.h"

#include <string>

#include "common/status/status.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::ExchangeRate ToProto(const ExchangeRate& rate) {
  v1::ExchangeRate out;
  out.set_name(rate.name());
  PutRevision(rate.revision, &out);
  out.set_state(static_cast<v1::ExchangeRate::State>(rate.state));
  out.set_rate_type(rate.pair.rate_type);
  out.set_from_currency(rate.pair.from);
  out.set_to_currency(rate.pair.to);
  *out.mutable_date() = wire::ToProto(rate.date);
  out.mutable_rate()->set_value(rate.rate);
  out.set_source_text(rate.source_text);
  return out;
}

absl::StatusOr<ExchangeRate> FromProto(const v1::ExchangeRate& rate) {
  const auto date = wire::FromProto(rate.date());
  if (!date.ok()) return AtField(date.status(), "date");
  ASSIGN_OR_RETURN(ExchangeRate out,
                   Stated({rate.rate_type(), rate.from_currency(), rate.to_currency()}, *date, rate.source_text()));
  if (!rate.name().empty() && rate.name() != out.name()) {
    return InvalidField("name", rate.name(), StrCat(out.name(), ", or nothing"));
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const ExchangeRate& rate) {
  const std::string name = rate.name();
  return events::Draft(name, verb, name, ToProto(rate));
}

}  // namespace tributary::partner
