#include "common/rpc/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/status/status_matchers.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "tributary/api/v1/access.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using ::testing::HasSubstr;

// A method Do(Request) whose request has the fields name (text), count (number), names (texts) and inner (a Request).
class AccessTest : public ::testing::Test {
 protected:
  absl::StatusOr<AccessRule> RuleOf(const api::v1::Access* access) {
    FileDescriptorProto file;
    file.set_name("test.proto");
    file.set_package("test");
    auto* request = file.add_message_type();
    request->set_name("Request");
    const auto field = [&](const char* name, int number, FieldDescriptorProto::Type type, bool many = false) {
      auto* f = request->add_field();
      f->set_name(name);
      f->set_number(number);
      f->set_type(type);
      f->set_label(many ? FieldDescriptorProto::LABEL_REPEATED : FieldDescriptorProto::LABEL_OPTIONAL);
      if (type == FieldDescriptorProto::TYPE_MESSAGE) f->set_type_name(".test.Request");
    };
    field("name", 1, FieldDescriptorProto::TYPE_STRING);
    field("count", 2, FieldDescriptorProto::TYPE_INT32);
    field("names", 3, FieldDescriptorProto::TYPE_STRING, true);
    field("inner", 4, FieldDescriptorProto::TYPE_MESSAGE);
    auto* service = file.add_service();
    service->set_name("Service");
    auto* method = service->add_method();
    method->set_name("Do");
    method->set_input_type(".test.Request");
    method->set_output_type(".test.Request");
    if (access != nullptr) *method->mutable_options()->MutableExtension(api::v1::access) = *access;
    // One pool a rule: it knows the descriptors that it was made from.
    pools_.push_back(std::make_unique<DescriptorPool>(DescriptorPool::generated_pool()));
    const auto* built = pools_.back()->BuildFile(file);
    return AccessRule::Of(*built->service(0)->method(0));
  }
  std::vector<std::unique_ptr<DescriptorPool>> pools_;
};

api::v1::Access Access(std::vector<api::v1::Role> roles, const std::string& field = "", bool shared = false) {
  api::v1::Access access;
  for (const api::v1::Role role : roles) access.add_roles(role);
  access.set_partner_field(field);
  access.set_shared_reference(shared);
  return access;
}

TEST_F(AccessTest, ARuleThatCannotHoldIsRefused) {
  using namespace api::v1;  // NOLINT: roles
  const struct {
    api::v1::Access access;
    std::string says;  // empty: fine
  } cases[] = {
      {Access({}), "lets nobody in"},
      {Access({PARTNER_USER}), "without a partner_field"},
      {Access({PARTNER_USER}, "", true), ""},
      {Access({PARTNER_USER}, "name"), ""},
      {Access({PARTNER_USER}, "inner.inner.name"), ""},
      {Access({PARTNER_USER}, "parent"), "which the request does not have"},
      {Access({PARTNER_USER}, "name.name"), "which the request does not have"},
      {Access({PARTNER_USER}, "count"), "is no string"},
      {Access({PARTNER_USER}, "inner"), "is no string"},
      {Access({PARTNER_USER}, "names"), "of which there may be many"},
      {Access({FINANCE}), ""},
  };
  for (const auto& c : cases) {
    const absl::Status status = RuleOf(&c.access).status();
    EXPECT_EQ(status.ok(), c.says.empty()) << c.access.ShortDebugString() << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.says));
  }
  EXPECT_THAT(RuleOf(nullptr), StatusIs(absl::StatusCode::kFailedPrecondition,
                                        HasSubstr("test.Service.Do has no tributary.api.v1.access")));
}

TEST_F(AccessTest, RolesAndNamesDecide) {
  using namespace api::v1;  // NOLINT: roles
  const auth::Identity finance{.subject = "f", .roles = {FINANCE}};
  const auth::Identity nobody{.subject = "n"};
  const auth::Identity user{.subject = "u", .roles = {PARTNER_USER}, .partner = "p-1"};
  // A partner's own staff stays that, whatever else its token claims.
  const auth::Identity both{.subject = "b", .roles = {PARTNER_USER, ADMINISTRATOR}, .partner = "p-1"};
  const struct {
    const char* what;
    const auth::Identity& identity;
    api::v1::Access access;
    const char* name;
    bool allowed;
  } cases[] = {
      {"role", finance, Access({FINANCE}), "partners/p-2", true},
      {"other role", finance, Access({ADMINISTRATOR, SERVICE}), "partners/p-2", false},
      {"no role", nobody, Access({FINANCE}), "", false},
      {"own name", user, Access({PARTNER_USER}, "name"), "partners/p-1", true},
      {"below own name", user, Access({PARTNER_USER}, "name"), "partners/p-1/claims/c-1", true},
      {"all that it may see", user, Access({PARTNER_USER}, "name"), "partners/-", true},
      {"another's name", user, Access({PARTNER_USER}, "name"), "partners/p-2", false},
      {"below another's name", user, Access({PARTNER_USER}, "name"), "partners/p-2/claims/c-1", false},
      {"a name that begins alike", user, Access({PARTNER_USER}, "name"), "partners/p-10", false},
      {"an empty name", user, Access({PARTNER_USER}, "name"), "", false},
      {"no partner in the name", user, Access({PARTNER_USER}, "name"), "claims/c-1", false},
      {"a partner further on", user, Access({PARTNER_USER}, "name"), "x/partners/p-1", false},
      {"shared reference", user, Access({PARTNER_USER}, "", true), "regions/x", true},
      {"not for partners", user, Access({FINANCE}), "partners/p-1", false},
      {"other roles do not help", both, Access({ADMINISTRATOR}), "partners/p-1", false},
      {"nor beyond the own partner", both, Access({PARTNER_USER, ADMINISTRATOR}, "name"), "partners/p-2", false},
      {"nobody else is bound", finance, Access({PARTNER_USER, FINANCE}, "name"), "partners/p-2", true},
  };
  for (const auto& c : cases) {
    for (const bool nested : {false, true}) {
      api::v1::Access access = c.access;
      if (nested && !access.partner_field().empty()) access.set_partner_field("inner.name");
      ASSERT_OK_AND_ASSIGN(const AccessRule rule, RuleOf(&access));
      google::protobuf::DynamicMessageFactory factory(pools_.back().get());
      const auto* descriptor = pools_.back()->FindMessageTypeByName("test.Request");
      const std::unique_ptr<google::protobuf::Message> request(factory.GetPrototype(descriptor)->New());
      google::protobuf::Message* holder = request.get();
      if (nested) holder = holder->GetReflection()->MutableMessage(holder, descriptor->FindFieldByName("inner"));
      holder->GetReflection()->SetString(holder, descriptor->FindFieldByName("name"), c.name);
      const absl::Status status = rule.Check(c.identity, *request);
      EXPECT_EQ(status.ok(), c.allowed) << c.what << (nested ? ", nested" : "");
      if (!c.allowed) {
        EXPECT_THAT(status, HasReason(Reason::kPermissionDenied)) << c.what;
      }
    }
  }
}

}  // namespace
}  // namespace tributary::rpc
