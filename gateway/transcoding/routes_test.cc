#include "gateway/transcoding/routes.h"

#include <set>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::gateway {
namespace {

using google::protobuf::MethodDescriptor;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Packages() {
  return {"tributary.partner.v1", "tributary.inventory.v1", "tributary.incentive.v1", "tributary.conflict.v1"};
}

TEST(PathTemplateTest, Parse) {
  struct Row {
    const char* text;
    const char* shape;  // null: refused
  };
  for (const Row& row : std::vector<Row>{{"/v1/partners", "/v1/partners"},
                                         {"/v1/{name=partners/*}", "/v1/partners/*"},
                                         {"/v1/{name=partners/*/deals/*}:withdraw", "/v1/partners/*/deals/*:withdraw"},
                                         {"/v1/{a.b}/x", "/v1/*/x"},
                                         {"/v1/{name=files/**}", "/v1/files/**"},
                                         {"/**", "/**"},
                                         {"", nullptr},
                                         {"v1", nullptr},
                                         {"/", nullptr},
                                         {"/v1/", nullptr},
                                         {"/v1//a", nullptr},
                                         {"/v1/{name=partners/*", nullptr},
                                         {"/v1/{=a}", nullptr},
                                         {"/v1/{name=}", nullptr},
                                         {"/v1/{name=a/{b}}", nullptr},
                                         {"/v1/{a}b", nullptr},
                                         {"/v1/**/a", nullptr},
                                         {"/v1/a:", nullptr},
                                         {"/v1/a:b:c", nullptr},
                                         {"/v1/a b", nullptr}}) {
    const auto parsed = ParsePathTemplate(row.text);
    ASSERT_EQ(parsed.ok(), row.shape != nullptr) << row.text << ": " << parsed.status();
    if (!parsed.ok()) continue;
    EXPECT_EQ(parsed->Shape(), row.shape);
  }
}

TEST(RequestPathTest, Parse) {
  struct Row {
    const char* path;
    std::vector<std::string> segments;  // empty: refused
    const char* verb;
  };
  for (const Row& row : std::vector<Row>{{"/v1/a", {"v1", "a"}, ""},
                                         {"/v1/a:b", {"v1", "a"}, "b"},
                                         {"/v1/a%3Ab", {"v1", "a:b"}, ""},
                                         {"/v1:x/a", {"v1:x", "a"}, ""},
                                         {"/v1/a:b:c", {"v1", "a:b"}, "c"},
                                         {"/%E6%B8%A0/+", {"渠", "+"}, ""},
                                         {"/", {""}, ""},
                                         {"/v1/", {"v1", ""}, ""},
                                         {"//", {"", ""}, ""},
                                         {"/../a", {"..", "a"}, ""},
                                         {"", {}, ""},
                                         {"*", {}, ""},
                                         {"http://a/b", {}, ""},
                                         {"/a%2Fb", {}, ""},
                                         {"/a%2fb", {}, ""},
                                         {"/a%00", {}, ""},
                                         {"/a%", {}, ""},
                                         {"/a%4", {}, ""},
                                         {"/a%zz", {}, ""},
                                         {"/a%FF", {}, ""}}) {
    const auto parsed = ParseRequestPath(row.path);
    ASSERT_EQ(parsed.ok(), !row.segments.empty()) << row.path << ": " << parsed.status();
    if (!parsed.ok()) continue;
    EXPECT_EQ(parsed->segments, row.segments) << row.path;
    EXPECT_EQ(parsed->verb, row.verb) << row.path;
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "/a";
  EXPECT_FALSE(ParseRequestPath(deep).ok());
}

TEST(RoutesTest, FindsEveryMethodByItsOwnTemplate) {
  const std::vector<const MethodDescriptor*> methods = PublicMethods(Packages());
  EXPECT_GT(methods.size(), 60u);
  const auto routes = Routes::Of(methods);
  ASSERT_TRUE(routes.ok()) << routes.status();
  std::set<const MethodDescriptor*> seen;
  for (const auto& route : routes->all()) {
    std::string path;
    std::vector<std::string> segments;
    for (size_t i = 0; i < route->path.segments.size(); ++i) {
      const auto& segment = route->path.segments[i];
      segments.push_back(segment.kind == PathTemplate::Segment::Kind::kLiteral ? segment.literal : StrCat("id-", i));
      path += "/" + segments.back();
    }
    if (!route->path.verb.empty()) path += ":" + route->path.verb;
    const auto found = routes->Find(route->verb, path);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_NE(found->route, nullptr) << path;
    EXPECT_EQ(found->route->method->full_name(), route->method->full_name()) << path;
    ASSERT_EQ(found->values.size(), route->variables.size());
    for (size_t v = 0; v < found->values.size(); ++v) {
      const auto& variable = route->path.variables[v];
      EXPECT_EQ(found->values[v], StrJoin(std::vector<std::string>(segments.begin() + static_cast<long>(variable.first),
                                                                   segments.begin() + static_cast<long>(variable.last)),
                                          "/"));
    }
    seen.insert(route->method);
  }
  EXPECT_EQ(seen.size(), methods.size()) << "a method has no route";
}

TEST(RoutesTest, LeavesOutWhatIsInternal) {
  for (const MethodDescriptor* method : PublicMethods({"tributary.events.v1"})) ADD_FAILURE() << method->full_name();
  EXPECT_TRUE(PublicMethods({"no.such.package"}).empty());
}

TEST(RoutesTest, TellsUnknownPathsFromOtherVerbs) {
  const auto routes = Routes::Of(PublicMethods(Packages()));
  ASSERT_TRUE(routes.ok());
  const auto find = [&](std::string_view verb, std::string_view path) {
    auto found = routes->Find(verb, path);
    EXPECT_TRUE(found.ok()) << path;
    return *std::move(found);
  };
  EXPECT_EQ(find("GET", "/v1/partners/acme").route->method->name(), "GetPartner");
  EXPECT_THAT(find("GET", "/v1/partners/acme").values, ElementsAre("partners/acme"));
  EXPECT_EQ(find("PATCH", "/v1/partners/acme").route->method->name(), "UpdatePartner");
  EXPECT_EQ(find("POST", "/v1/partners/acme:activate").route->method->name(), "ActivatePartner");
  EXPECT_EQ(find("GET", "/v1/partners/-/shipments").values[0], "partners/-");
  EXPECT_THAT(find("DELETE", "/v1/partners/acme").allowed, ElementsAre("GET", "PATCH"));
  EXPECT_THAT(find("PUT", "/v1/partners").allowed, ElementsAre("GET", "POST"));
  EXPECT_THAT(find("get", "/v1/partners").allowed, ElementsAre("GET", "POST"));
  for (const char* path :
       {"/", "/v1", "/v1/", "/v2/partners", "/v1/partners/", "/v1//acme", "/v1/partners/acme/", "/V1/partners",
        "/v1/partners/acme:explode", "/v1/partners/acme/deals/d/e", "/v1/Partners/acme"}) {
    const Routes::Found found = find("GET", path);
    EXPECT_EQ(found.route, nullptr) << path;
    EXPECT_THAT(found.allowed, testing::IsEmpty()) << path;
  }
}

// Methods of a proto that is written here, with the bindings that the protos do not use (yet) or must not.
class MadeRoutesTest : public testing::Test {
 protected:
  absl::StatusOr<Routes> Make(const std::vector<std::string>& rules) {
    google::protobuf::FileDescriptorProto file;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        R"pb(
          name: "made.proto"
          package: "made"
          syntax: "proto3"
          dependency: "google/api/annotations.proto"
          message_type {
            name: "Thing"
            field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
            field { name: "other" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
            field { name: "inner" number: 3 type: TYPE_MESSAGE type_name: ".made.Thing" label: LABEL_OPTIONAL }
            field { name: "many" number: 4 type: TYPE_STRING label: LABEL_REPEATED }
          }
          service { name: "Things" }
        )pb",
        &file));
    for (size_t i = 0; i < rules.size(); ++i) {
      auto* method = file.mutable_service(0)->add_method();
      method->set_name(StrCat("Method", i));
      method->set_input_type(".made.Thing");
      method->set_output_type(".made.Thing");
      EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
          rules[i], method->mutable_options()->MutableExtension(google::api::http)));
    }
    pool_ = std::make_unique<google::protobuf::DescriptorPool>(google::protobuf::DescriptorPool::generated_pool());
    const auto* built = pool_->BuildFile(file);
    EXPECT_NE(built, nullptr);
    std::vector<const MethodDescriptor*> methods;
    for (int i = 0; i < built->service(0)->method_count(); ++i) methods.push_back(built->service(0)->method(i));
    return Routes::Of(methods);
  }
  std::unique_ptr<google::protobuf::DescriptorPool> pool_;
};

TEST_F(MadeRoutesTest, PrefersLiteralsAndGoesBackWhereTheyEnd) {
  auto routes = Make({R"(get: "/v1/{name=a/*/c}")", R"(get: "/v1/a/b/{other=*}")", R"(get: "/v1/{name=a/**}")",
                      R"(get: "/v1/a/b:go" additional_bindings { post: "/v2/{inner.name=x/*}/{other}" body: "*" })"});
  ASSERT_TRUE(routes.ok()) << routes.status();
  const auto name = [&](std::string_view path) {
    auto found = routes->Find("GET", path);
    return found.ok() && found->route != nullptr ? found->route->method->name() + " " + StrJoin(found->values, "|")
                                                 : "";
  };
  EXPECT_EQ(name("/v1/a/x/c"), "Method0 a/x/c");
  EXPECT_EQ(name("/v1/a/b/c"), "Method1 c") << "literal b comes before *";
  EXPECT_EQ(name("/v1/a/b/d"), "Method1 d");
  EXPECT_EQ(name("/v1/a/x/d"), "Method2 a/x/d") << "no other fits, so the rest takes it";
  EXPECT_EQ(name("/v1/a"), "Method2 a");
  EXPECT_EQ(name("/v1/a/b/c/d/e"), "Method2 a/b/c/d/e");
  EXPECT_EQ(name("/v1/a/b:go"), "Method3 ");
  EXPECT_EQ(name("/v1/a/x:go"), "");
  const auto post = routes->Find("POST", "/v2/x/1/2");
  ASSERT_TRUE(post.ok());
  EXPECT_THAT(post->values, ElementsAre("x/1", "2"));
}

TEST_F(MadeRoutesTest, RefusesWrongAndContradictingRules) {
  struct Row {
    std::vector<std::string> rules;
    const char* want;
  };
  for (const Row& row : std::vector<Row>{
           {{R"(get: "/v1/{name=a/*}")", R"(get: "/v1/{other=a/*}")"},
            "GET /v1/a/* would be both made.Things.Method0 and made.Things.Method1"},
           {{R"(get: "/v1/a" additional_bindings { get: "/v1/a" })"}, "would be both"},
           {{R"(get: "/v1/{missing}")"}, "a single value of the request"},
           {{R"(get: "/v1/{many}")"}, "a single value of the request"},
           {{R"(get: "/v1/{inner}")"}, "a single value of the request"},
           {{R"(get: "/v1/{many.name}")"}, "a single value of the request"},
           {{R"(post: "/v1/a" body: "missing")"}, "a single message of the request"},
           {{R"(post: "/v1/a" body: "name")"}, "a single message of the request"},
           {{R"(get: "/v1/a" response_body: "name")"}, "response_body"},
           {{R"(get: "v1")"}, "'/' at the start"},
           {{R"(custom { kind: "HEAD" path: "/v1" })"}, "want get, put"},
           {{""}, "want get, put"},
       }) {
    const absl::Status status = Make(row.rules).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << row.rules[0];
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.want)) << row.rules[0];
  }
  EXPECT_TRUE(Make({R"(get: "/v1/a")", R"(post: "/v1/a")", R"(get: "/v1/a:b")", R"(get: "/v1/*")"}).ok());
}

}  // namespace
}  // namespace tributary::gateway
