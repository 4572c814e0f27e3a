#include "common/paging/field_mask.h"

#include "common/status/status_matchers.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"

namespace tributary {
namespace {

using google::protobuf::Message;
using google::protobuf::TextFormat;

// A type of every kind of field, with behaviors.
constexpr char kFile[] = R"pb(
  name: "field_mask_test.proto"
  package: "tributary.test"
  syntax: "proto3"
  dependency: "google/api/field_behavior.proto"
  message_type {
    name: "Thing"
    field {
      name: "name"
      number: 1
      type: TYPE_STRING
      label: LABEL_OPTIONAL
      options {
        [google.api.field_behavior]: IDENTIFIER
      }
    }
    field {
      name: "uid"
      number: 2
      type: TYPE_STRING
      label: LABEL_OPTIONAL
      options {
        [google.api.field_behavior]: OUTPUT_ONLY
      }
    }
    field {
      name: "owner"
      number: 3
      type: TYPE_STRING
      label: LABEL_OPTIONAL
      options {
        [google.api.field_behavior]: REQUIRED
        [google.api.field_behavior]: IMMUTABLE
      }
    }
    field { name: "title" number: 4 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "count" number: 5 type: TYPE_INT64 label: LABEL_OPTIONAL }
    field { name: "tags" number: 6 type: TYPE_STRING label: LABEL_REPEATED }
    field { name: "place" number: 7 type: TYPE_MESSAGE type_name: ".tributary.test.Thing.Place" label: LABEL_OPTIONAL }
    field { name: "places" number: 8 type: TYPE_MESSAGE type_name: ".tributary.test.Thing.Place" label: LABEL_REPEATED }
    field { name: "small" number: 9 type: TYPE_INT32 label: LABEL_OPTIONAL oneof_index: 0 }
    field { name: "large" number: 10 type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0 }
    field { name: "etag" number: 11 type: TYPE_STRING label: LABEL_OPTIONAL }
    oneof_decl { name: "size" }
    nested_type {
      name: "Place"
      field { name: "city" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "code" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
      field {
        name: "checked"
        number: 3
        type: TYPE_BOOL
        label: LABEL_OPTIONAL
        options {
          [google.api.field_behavior]: OUTPUT_ONLY
        }
      }
    }
  }
)pb";

class FieldMaskTest : public ::testing::Test {
 protected:
  FieldMaskTest() : pool_(google::protobuf::DescriptorPool::generated_pool()) {
    google::protobuf::FileDescriptorProto file;
    EXPECT_TRUE(TextFormat::ParseFromString(kFile, &file));
    EXPECT_NE(pool_.BuildFile(file), nullptr);
    prototype_ = factory_.GetPrototype(pool_.FindMessageTypeByName("tributary.test.Thing"));
  }

  std::unique_ptr<Message> Thing(const std::string& text) {
    std::unique_ptr<Message> thing(prototype_->New());
    EXPECT_TRUE(TextFormat::ParseFromString(text, thing.get()));
    return thing;
  }

  // `to` after the update, or the message of the error.
  std::string Applied(const std::vector<std::string>& paths, const std::string& from, const std::string& to,
                      const std::vector<std::string_view>& allowed = {"title", "count", "tags", "place", "places",
                                                                      "small", "large"}) {
    google::protobuf::FieldMask mask;
    for (const std::string& path : paths) mask.add_paths(path);
    const auto source = Thing(from);
    auto target = Thing(to);
    const absl::Status status = ApplyFieldMask(mask, *source, target.get(), allowed);
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*source, *Thing(from)));
    if (!status.ok()) {
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*target, *Thing(to)));
      return std::string(status.message());
    }
    std::string text;
    TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    EXPECT_TRUE(printer.PrintToString(*target, &text));
    if (!text.empty()) text.pop_back();  // the printer ends with a space
    return text;
  }

  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
  const Message* prototype_ = nullptr;
};

TEST_F(FieldMaskTest, PathsAreSetOrCleared) {
  const std::string to = R"(name: "n" title: "old" count: 5 tags: "a" place { city: "c" code: "d" })";
  EXPECT_EQ(Applied({"title"}, R"(title: "new" count: 9)", to),
            R"(name: "n" title: "new" count: 5 tags: "a" place { city: "c" code: "d" })");
  EXPECT_EQ(Applied({"title", "count"}, "", to), R"(name: "n" tags: "a" place { city: "c" code: "d" })");
  EXPECT_EQ(Applied({"tags"}, R"(tags: "b" tags: "c")", to),
            R"(name: "n" title: "old" count: 5 tags: "b" tags: "c" place { city: "c" code: "d" })");
  EXPECT_EQ(Applied({"place"}, R"(place { city: "x" })", to),
            R"(name: "n" title: "old" count: 5 tags: "a" place { city: "x" })");
  EXPECT_EQ(Applied({"place.city"}, R"(place { city: "x" code: "y" })", to),
            R"(name: "n" title: "old" count: 5 tags: "a" place { city: "x" code: "d" })");
  EXPECT_EQ(Applied({"place.city"}, "", to), R"(name: "n" title: "old" count: 5 tags: "a" place { code: "d" })");
  EXPECT_EQ(Applied({"place.city"}, R"(place { code: "y" })", to),
            R"(name: "n" title: "old" count: 5 tags: "a" place { code: "d" })");
  EXPECT_EQ(Applied({"place.code", "place", "place.city", "title", "title"},
                    R"(title: "t" place { city: "x" code: "y" })", to),
            R"(name: "n" title: "t" count: 5 tags: "a" place { city: "x" code: "y" })");
  EXPECT_EQ(Applied({"place.city"}, "", ""), "");
  EXPECT_EQ(Applied({"large"}, R"(large: "l")", "small: 3"), R"(large: "l")");
  EXPECT_EQ(Applied({"small"}, R"(large: "l")", "small: 3"), "");
  EXPECT_EQ(Applied({"place.city"}, R"(place { city: "x" })", "", {"place.city"}), R"(place { city: "x" })");
}

TEST_F(FieldMaskTest, AnEmptyMaskIsWhatIsSet) {
  const std::string to = R"(name: "n" uid: "u" owner: "o" title: "old" tags: "a" etag: "e")";
  EXPECT_EQ(Applied({}, R"(name: "n" owner: "o" uid: "forged" etag: "x" count: 9)", to),
            R"(name: "n" uid: "u" owner: "o" title: "old" count: 9 tags: "a" etag: "e")");
  EXPECT_EQ(Applied({}, "", to), to);
  EXPECT_EQ(Applied({}, R"(owner: "other")", to),
            "owner: got 'another value', want the value that it has; the field is immutable");
  EXPECT_EQ(Applied({}, R"(place { city: "x" code: "y" })", "", {"place.city"}), R"(place { city: "x" })");
}

TEST_F(FieldMaskTest, AStarIsEverythingAllowed) {
  const std::string to = R"(name: "n" uid: "u" owner: "o" title: "old" count: 5 tags: "a" etag: "e")";
  EXPECT_EQ(Applied({"*"}, R"(name: "n" title: "new")", to), R"(name: "n" uid: "u" owner: "o" title: "new" etag: "e")");
  EXPECT_EQ(Applied({"*"}, R"(title: "new")", to, {"title", "count"}),
            R"(name: "n" uid: "u" owner: "o" title: "new" tags: "a" etag: "e")");
  EXPECT_EQ(Applied({"*"}, R"(name: "m")", to).substr(0, 5), "name:");
}

TEST_F(FieldMaskTest, RefusesOtherPathsAllAtOnce) {
  google::protobuf::FieldMask mask;
  for (const char* path : {"title", "nothing", "uid", "owner", "name", "etag", "tags.x", "places.city", "place.none",
                           "place.checked", "", ".", "title.", "*", "titles"}) {
    mask.add_paths(path);
  }
  const auto from = Thing(R"(title: "new")");
  auto to = Thing(R"(title: "old")");
  const absl::Status status = ApplyFieldMask(mask, *from, to.get(), {"title", "tags", "place"}, "mask");
  EXPECT_THAT(status, HasReason(Reason::kInvalidField));
  EXPECT_EQ(DetailOf(status).violations.size(), static_cast<size_t>(mask.paths_size() - 1));
  for (int i = 1; i < mask.paths_size(); ++i) EXPECT_THAT(status, Blames(StrCat("mask.paths[", i, "]")));
  EXPECT_EQ(DetailOf(status).violations[1].want, "no output-only field: one of title, tags, place");
  EXPECT_EQ(DetailOf(status).violations[2].want, "no immutable field: one of title, tags, place");
  EXPECT_EQ(to->ShortDebugString(), "title: \"old\"");
  EXPECT_EQ(Applied({"place"}, "", "", {"place.city"}), "update_mask.paths[0]: got 'place', want one of place.city");
}

}  // namespace
}  // namespace tributary
