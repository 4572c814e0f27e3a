#include "common/rpc/access.h"

#include "absl/strings/str_split.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "tributary/api/v1/access.pb.h"

namespace tributary::rpc {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::StatusOr<AccessRule> AccessRule::Of(const google::protobuf::MethodDescriptor& method) {
  if (!method.options().HasExtension(api::v1::access)) {
    return absl::FailedPreconditionError(
        StrCat("method ", method.full_name(), " has no tributary.api.v1.access option"));
  }
  const api::v1::Access& access = method.options().GetExtension(api::v1::access);
  AccessRule rule;
  rule.method_ = method.name();
  rule.shared_reference_ = access.shared_reference();
  for (int role : access.roles()) rule.roles_ |= 1u << role;
  if (!access.partner_field().empty()) {
    const google::protobuf::Descriptor* message = method.input_type();
    for (const std::string& part : std::vector<std::string>(absl::StrSplit(access.partner_field(), '.'))) {
      const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(part);
      if (field == nullptr) {
        return absl::FailedPreconditionError(StrCat("access of ", method.full_name(), " names ", access.partner_field(),
                                                    ", which the request does not have"));
      }
      if (field->is_repeated()) {
        return absl::FailedPreconditionError(StrCat("access of ", method.full_name(), " names ", access.partner_field(),
                                                    ", of which there may be many"));
      }
      rule.partner_path_.push_back(field);
      message = field->message_type();
    }
    if (rule.partner_path_.back()->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      return absl::FailedPreconditionError(StrCat("access of ", method.full_name(), ": partner_field is no string"));
    }
  } else if ((rule.roles_ & (1u << api::v1::PARTNER_USER)) != 0 && !rule.shared_reference_) {
    return absl::FailedPreconditionError(
        StrCat("access of ", method.full_name(), " lets partner users in without a partner_field"));
  }
  if (rule.roles_ == 0) {
    return absl::FailedPreconditionError(StrCat("access of ", method.full_name(), " lets nobody in"));
  }
  return rule;
}

absl::Status AccessRule::CheckRole(const auth::Identity& identity) const {
  bool allowed = false;
  if (identity.IsPartnerUser()) {
    allowed = (roles_ & (1u << api::v1::PARTNER_USER)) != 0;
  } else {
    for (api::v1::Role role : identity.roles) allowed = allowed || (roles_ & (1u << role)) != 0;
  }
  if (allowed) return absl::OkStatus();
  return Error(Reason::kPermissionDenied, StrCat("the caller's roles do not include one that may call ", method_));
}

absl::Status AccessRule::Check(const auth::Identity& identity, const Message& request) const {
  RETURN_IF_ERROR(CheckRole(identity));
  if (!identity.IsPartnerUser() || shared_reference_) return absl::OkStatus();

  const Message* message = &request;
  for (size_t i = 0; i + 1 < partner_path_.size(); ++i) {
    message = &message->GetReflection()->GetMessage(*message, partner_path_[i]);
  }
  std::string scratch;
  const std::string& name = message->GetReflection()->GetStringReference(*message, partner_path_.back(), &scratch);
  const std::string_view partner = PartnerOf(name);
  // "partners/-" means all that the caller may see, which for a partner user is its own.
  if (partner == identity.partner || partner == "-") return absl::OkStatus();
  return Error(Reason::kPermissionDenied,
               StrCat(partner_path_.back()->name(), " must begin with the caller's own partner"));
}

}  // namespace tributary::rpc
