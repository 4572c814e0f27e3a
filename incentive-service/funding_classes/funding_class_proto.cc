#include "incentive-service/funding_classes/funding_class_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/wire/wire.h"

namespace tributary::incentive {

absl::StatusOr<std::string> FundingClassIdOf(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "fundingClasses/{funding_class}"));
  return std::move(ids.front());
}

v1::FundingClass ToProto(const FundingClass& funding_class) {
  v1::FundingClass message;
  message.set_name(funding_class.name());
  message.set_uid(funding_class.uid.ToString());
  message.set_etag(EtagOf(funding_class.version));
  *message.mutable_create_time() = wire::ToProto(funding_class.create_time);
  *message.mutable_update_time() = wire::ToProto(funding_class.update_time);
  for (const ClaimKind kind : funding_class.kinds) message.add_kinds(static_cast<v1::Claim::Kind>(kind));
  message.set_note(funding_class.note);
  message.set_creator(funding_class.creator);
  if (funding_class.end_time.has_value()) *message.mutable_end_time() = wire::ToProto(*funding_class.end_time);
  message.set_ender(funding_class.ender);
  return message;
}

FundingClass FromProto(const v1::FundingClass& message) {
  FundingClass funding_class{.note = message.note()};
  for (const int kind : message.kinds()) funding_class.kinds.push_back(static_cast<ClaimKind>(kind));
  return funding_class;
}

}  // namespace tributary::incentive
