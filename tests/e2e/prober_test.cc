// Looks for leaks: calls every method that there is, found by the descriptors, as another partner and as nobody, with
// names, parents, filters, page tokens and ids of what is there and of what is not. The two must be answered alike, and
// nothing of another's may come back.

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/rpc/wire_status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "tests/e2e/probed_methods.h"
#include "tests/e2e/probed_resources.h"
#include "tests/support/channel.h"
#include "tributary/api/v1/access.pb.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::testing {
namespace {

struct Answer {
  absl::Status status;
  std::unique_ptr<Message> reply;
};

class ProberTest : public ProbedResources {
 protected:
  Answer Call(const Method& method, const Message& request, const std::string& token) {
    Answer answer{.reply = New(method.descriptor->output_type())};
    if (method.descriptor->server_streaming()) {
      const auto reader = demo_.suite.client(method.service).OpenStream(method.path, request, {.token = token});
      if (reader->Read(answer.reply.get())) {
        ADD_FAILURE() << method.path << " sends events";
        reader->Cancel();
      }
      answer.status = reader->Finish();
      return answer;
    }
    answer.status = demo_.suite.client(method.service)
                        .Call(method.path, request, answer.reply.get(), {.timeout = absl::Seconds(30), .token = token});
    return answer;
  }

  // The status of a call without any token.
  absl::Status CallAnonymously(const Method& method, const Message& request) {
    std::unique_ptr<rpc::Client>& client = anonymous_[method.service];
    if (client == nullptr) {
      client = std::make_unique<rpc::Client>(
          rpc::ClientOptions{.address = demo_.suite.address(method.service), .retries = false});
    }
    const std::unique_ptr<Message> reply = New(method.descriptor->output_type());
    if (!method.descriptor->server_streaming()) return client->Call(method.path, request, reply.get());
    const auto reader = client->OpenStream(method.path, request);
    EXPECT_FALSE(reader->Read(reply.get())) << method.path << " sends events";
    return reader->Finish();
  }

  // Code, reason, message and details of an answer, with what was asked for taken out; the whole reply of a good one.
  std::string ShapeOf(const Answer& answer, const std::string& asked) {
    std::string shape = answer.status.ok() ? "OK " + answer.reply->ShortDebugString()
                                           : rpc::ToRpcStatus(answer.status, "en").DebugString();
    const auto within_a_word = [&](size_t at) {
      return at < shape.size() && (std::isalnum(static_cast<unsigned char>(shape[at])) || shape[at] == '-');
    };
    for (size_t at = 0; !asked.empty() && (at = shape.find(asked, at)) != std::string::npos; ++at) {
      if ((at > 0 && within_a_word(at - 1)) || within_a_word(at + asked.size())) continue;
      shape.replace(at, asked.size(), "<asked>");
    }
    return shape;
  }

  // Names of what is there, by pattern, as an administrator sees them.
  std::map<std::string, std::set<std::string>> Existing() {
    std::map<std::string, std::set<std::string>> existing;
    for (const char* partner : {kOwner, kAsker}) existing["partners/*"].insert(StrCat("partners/", partner));
    // Parents are found before their children.
    for (int depth = 0; depth < 3; ++depth) {
      for (const Method& method : methods_) {
        if (!method.descriptor->name().starts_with("List") || method.access.internal()) continue;
        std::vector<std::string> parents = {""};
        if (method.Field("parent") != nullptr) {
          parents.clear();
          for (const auto& [pattern, names] : existing) {
            const auto& path = method.descriptor->options().GetExtension(google::api::http).get();
            if (path.find("{parent=" + pattern + "}") == std::string::npos) continue;
            for (const std::string& name : names) {
              // Nothing lies below a revision.
              if (parents.size() < 4 && name.find('@') == std::string::npos) parents.push_back(name);
            }
          }
        }
        for (const std::string& parent : parents) {
          const std::unique_ptr<Message> request = New(method.descriptor->input_type());
          if (!parent.empty()) Set(request.get(), method.Field("parent"), parent);
          SetRequired(request.get());
          const Answer answer = Call(method, *request, administrator_);
          // Imports of one service are not another's.
          EXPECT_THAT(answer.status, ::testing::AnyOf(IsOk(), HasReason(Reason::kNotFound)))
              << method.path << " " << parent;
          for (const auto& [pattern, name] : NamesIn(*answer.reply)) existing[pattern].insert(name);
        }
      }
    }
    return existing;
  }

  // The names of the resources of a page.
  static std::vector<std::pair<std::string, std::string>> NamesIn(const Message& page) {
    std::vector<std::pair<std::string, std::string>> names;
    for (int f = 0; f < page.GetDescriptor()->field_count(); ++f) {
      const FieldDescriptor* field = page.GetDescriptor()->field(f);
      if (!field->is_repeated() || field->message_type() == nullptr) continue;
      const FieldDescriptor* name = field->message_type()->FindFieldByName("name");
      if (name == nullptr || name->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
      for (int i = 0; i < page.GetReflection()->FieldSize(page, field); ++i) {
        const Message& row = page.GetReflection()->GetRepeatedMessage(page, field, i);
        const std::string text = row.GetReflection()->GetString(row, name);
        names.emplace_back(Generalize(text), text);
      }
    }
    return names;
  }

  // The same name with another last segment, and with a partner that is not there.
  static std::vector<std::string> Absent(const std::string& name) {
    std::vector<std::string> absent;
    if (name.find('/') != name.rfind('/')) {
      absent.push_back(name.substr(0, name.rfind('/') + 1) + "987654");
      absent.push_back(name.substr(0, name.rfind('/') + 1) + "no-such-thing");
    } else {
      absent.push_back(name.substr(0, name.find('/') + 1) + "no-such-thing");
    }
    if (const std::string owner = StrCat("partners/", kOwner); name.starts_with(owner)) {
      absent.push_back(StrCat("partners/", kNobody, name.substr(owner.size())));
    }
    return absent;
  }

  const std::vector<Method> methods_ = AllMethods();
  const std::string asker_ = demo_.suite.Token("PARTNER_USER", kAsker, "user-of-asker");
  std::map<std::string, std::unique_ptr<rpc::Client>> anonymous_;
};

TEST_F(ProberTest, EveryMethodIsKnownAndSomeAreForPartners) {
  int for_partners = 0;
  for (const Method& method : methods_) {
    EXPECT_FALSE(method.access.roles().empty()) << method.path;
    for_partners += method.ForPartners();
  }
  EXPECT_GT(methods_.size(), 60u);
  EXPECT_GT(for_partners, 20);
}

// Without a token, with one that is none, and with one of a partner that does not exist.
TEST_F(ProberTest, NobodyLearnsAnything) {
  const auto existing = Existing();
  const std::string ghost = demo_.suite.Token("PARTNER_USER", kNobody, "ghost");
  for (const Method& method : methods_) {
    std::vector<std::string> names = {""};
    if (const auto found = existing.find(method.pattern_of_name); found != existing.end()) {
      names.push_back(*found->second.begin());
      for (const std::string& absent : Absent(*found->second.begin())) names.push_back(absent);
    }
    for (const std::string& name : names) {
      SCOPED_TRACE(StrCat(method.path, " ", name));
      const std::unique_ptr<Message> request = New(method.descriptor->input_type());
      if (method.Field("name") != nullptr) Set(request.get(), method.Field("name"), name);
      if (method.Field("parent") != nullptr && name.empty()) {
        Set(request.get(), method.Field("parent"), StrCat("partners/", kOwner));
      }
      EXPECT_THAT(CallAnonymously(method, *request), HasReason(Reason::kUnauthenticated));
      EXPECT_THAT(Call(method, *request, "nonsense").status, HasReason(Reason::kUnauthenticated));
      if (!method.access.shared_reference() && method.access.partner_field().find("name") != std::string::npos) {
        EXPECT_THAT(Call(method, *request, ghost).status,
                    ::testing::AnyOf(HasReason(Reason::kPermissionDenied), HasReason(Reason::kInvalidField),
                                     HasReason(Reason::kNotFound)));
      }
    }
  }
}

TEST_F(ProberTest, MethodsThatAreNotForPartnersRefuseThemWhateverTheyName) {
  const auto existing = Existing();
  for (const Method& method : methods_) {
    if (method.ForPartners()) continue;
    std::set<std::string> shapes;
    std::vector<std::string> names = {"", StrCat("partners/", kOwner), StrCat("partners/", kAsker)};
    if (const auto found = existing.find(method.pattern_of_name); found != existing.end()) {
      names.push_back(*found->second.begin());
      for (const std::string& absent : Absent(*found->second.begin())) names.push_back(absent);
    }
    for (const std::string& name : names) {
      const std::unique_ptr<Message> request = New(method.descriptor->input_type());
      for (const char* field : {"name", "parent"}) {
        if (method.Field(field) != nullptr) Set(request.get(), method.Field(field), name);
      }
      const Answer answer = Call(method, *request, asker_);
      EXPECT_THAT(answer.status, HasReason(Reason::kPermissionDenied)) << method.path << " " << name;
      shapes.insert(ShapeOf(answer, name));
    }
    EXPECT_EQ(shapes.size(), 1u) << method.path << ::testing::PrintToString(shapes);
  }
}

// The field that binds a call to a partner: another's name is refused by the name alone.
TEST_F(ProberTest, AnothersNamesAreRefusedAlikeWhetherTheyExistOrNot) {
  MakeTarget();
  MakeCertificates();
  MakeTiers();
  MakeEvaluations();
  MakeCase();
  MakeActivity();
  MakeEvidence();
  MakeDocument();
  const auto existing = Existing();
  int probed = 0;
  for (const Method& method : methods_) {
    if (!method.ForPartners() || method.access.shared_reference()) continue;
    const std::string field = method.access.partner_field();
    std::vector<std::string> values = {StrCat("partners/", kOwner)};
    if (field == "name" || field.ends_with(".name") || field == "parent") {
      for (const auto& [pattern, names] : existing) {
        const bool fits = field == "parent" ? pattern.starts_with("partners/*")
                                            : pattern == method.pattern_of_name || method.pattern_of_name.empty();
        if (!fits) continue;
        for (const std::string& name : names) {
          if (name == StrCat("partners/", kOwner) || name.starts_with(StrCat("partners/", kOwner, "/"))) {
            values.push_back(name);
            break;
          }
        }
      }
    }
    std::set<std::string> shapes;
    for (const std::string& value : values) {
      std::vector<std::string> asked = Absent(value);
      asked.push_back(value);
      for (const std::string& one : asked) {
        const std::unique_ptr<Message> request = New(method.descriptor->input_type());
        SetPath(request.get(), field, one);
        const Answer answer = Call(method, *request, asker_);
        EXPECT_THAT(answer.status, HasReason(Reason::kPermissionDenied)) << method.path << " " << one;
        shapes.insert(ShapeOf(answer, one));
        ++probed;
      }
    }
    EXPECT_EQ(shapes.size(), 1u) << method.path << ::testing::PrintToString(shapes);
  }
  EXPECT_GT(probed, 60);
}

// Lists: "-" means one's own; filters by what is another's find what filters by nothing find.
TEST_F(ProberTest, ListsAndTheirFiltersShowOnesOwnAlone) {
  MakeTarget();
  MakeCertificates();
  MakeTiers();
  MakeEvaluations();
  MakeCase();
  MakeActivity();
  MakeEvidence();
  MakeDocument();
  const std::string foreign = StrCat("partners/", kOwner);
  int lists = 0, filters = 0;
  for (const Method& method : methods_) {
    if (!method.ForPartners() || method.access.shared_reference() || method.Field("parent") == nullptr ||
        !method.descriptor->name().starts_with("List") || method.pattern_of_name.find("statements/*") == 0) {
      continue;
    }
    const auto& path = method.descriptor->options().GetExtension(google::api::http).get();
    if (path.find("{parent=partners/*}") == std::string::npos) continue;
    SCOPED_TRACE(method.path);
    ++lists;
    for (const std::string& parent : {std::string("partners/-"), StrCat("partners/", kAsker)}) {
      const std::unique_ptr<Message> request = New(method.descriptor->input_type());
      Set(request.get(), method.Field("parent"), parent);
      SetRequired(request.get());
      const Answer answer = Call(method, *request, asker_);
      EXPECT_THAT(answer.status, IsOk());
      std::vector<std::string> texts;
      Texts(*answer.reply, &texts);
      for (const std::string& text : texts) EXPECT_FALSE(text.starts_with(foreign)) << text;
    }
    // What the owner has there, field by field.
    const std::unique_ptr<Message> own = New(method.descriptor->input_type());
    Set(own.get(), method.Field("parent"), foreign);
    SetRequired(own.get());
    const Answer owners = Call(method, *own, administrator_);
    ASSERT_THAT(owners.status, IsOk());
    std::vector<std::pair<std::string, std::string>> values;  // field, value of the owner's row
    for (int f = 0; f < owners.reply->GetDescriptor()->field_count(); ++f) {
      const FieldDescriptor* rows = owners.reply->GetDescriptor()->field(f);
      if (!rows->is_repeated() || rows->message_type() == nullptr ||
          owners.reply->GetReflection()->FieldSize(*owners.reply, rows) == 0) {
        continue;
      }
      const Message& row = owners.reply->GetReflection()->GetRepeatedMessage(*owners.reply, rows, 0);
      std::vector<const FieldDescriptor*> fields;
      row.GetReflection()->ListFields(row, &fields);
      for (const FieldDescriptor* field : fields) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated()) {
          values.emplace_back(field->name(), row.GetReflection()->GetString(row, field));
        }
      }
    }
    values.emplace_back("name", StrCat(foreign, "/anything/1"));
    values.emplace_back("partner", foreign);
    for (const auto& [field, value] : values) {
      const bool belongs_to_owner = value.starts_with(foreign);
      std::vector<std::string> asked = {value};
      if (belongs_to_owner) {
        for (const std::string& absent : Absent(value)) asked.push_back(absent);
      }
      std::set<std::string> shapes;
      for (const std::string& one : asked) {
        if (method.Field("filter") == nullptr || one.find('"') != std::string::npos) continue;
        const std::unique_ptr<Message> request = New(method.descriptor->input_type());
        Set(request.get(), method.Field("parent"), "partners/-");
        Set(request.get(), method.Field("filter"), StrCat(field, " = \"", one, "\""));
        SetRequired(request.get());
        const Answer answer = Call(method, *request, asker_);
        if (!answer.status.ok()) {
          EXPECT_THAT(answer.status, HasReason(Reason::kFilterInvalid)) << one;
        }
        std::vector<std::string> texts;
        Texts(*answer.reply, &texts);
        for (const std::string& text : texts) EXPECT_FALSE(text.starts_with(foreign)) << text;
        shapes.insert(ShapeOf(answer, one));
        ++filters;
      }
      if (belongs_to_owner) {
        EXPECT_LE(shapes.size(), 1u) << field << ::testing::PrintToString(shapes);
      }
    }
  }
  EXPECT_GT(lists, 5);
  EXPECT_GT(filters, 30);
}

TEST_F(ProberTest, APageTokenIsOfNoUseToAnother) {
  int tokens = 0;
  for (const Method& method : methods_) {
    const FieldDescriptor* field = method.Field("page_token");
    if (field == nullptr || method.access.internal()) continue;
    const FieldDescriptor* size = method.descriptor->input_type()->FindFieldByName("page_size");
    const auto& path = method.descriptor->options().GetExtension(google::api::http).get();
    const auto ask = [&](const std::string& parent, const std::string& page_token, const std::string& token) {
      const std::unique_ptr<Message> request = New(method.descriptor->input_type());
      if (!parent.empty()) Set(request.get(), method.Field("parent"), parent);
      if (method.access.partner_field() == "partner") Set(request.get(), method.Field("partner"), "partners/-");
      request->GetReflection()->SetInt32(request.get(), size, 1);
      Set(request.get(), field, page_token);
      SetRequired(request.get());
      return Call(method, *request, token);
    };
    const auto next = [](const Answer& answer) {
      return answer.reply->GetReflection()->GetString(
          *answer.reply, answer.reply->GetDescriptor()->FindFieldByName("next_page_token"));
    };
    SCOPED_TRACE(method.path);
    const bool of_partner = path.find("{parent=partners/*}") != std::string::npos;
    // Pages of one thing, a parent or a period that is previewed, want its name.
    if (!of_partner && (method.Field("parent") != nullptr || method.Field("name") != nullptr)) continue;
    const std::string parent = of_partner ? "partners/-" : "";
    // The owner's token (or where the list is not for partners, the administrator's) in another's hand.
    const std::string holder = method.ForPartners() ? owner_ : administrator_;
    const std::string thief = method.ForPartners() ? asker_ : demo_.suite.Token("ADMINISTRATOR", "", "somebody-else");
    const Answer first = ask(parent, "", holder);
    EXPECT_THAT(first.status, IsOk());
    const std::string stolen = next(first);
    EXPECT_THAT(ask(parent, "nonsense", thief).status, HasReason(Reason::kPageTokenInvalid));
    if (stolen.empty()) continue;
    ++tokens;
    EXPECT_THAT(ask(parent, stolen, holder).status, IsOk());
    const Answer answer = ask(parent, stolen, thief);
    EXPECT_THAT(answer.status, HasReason(Reason::kPageTokenInvalid));
    // As for a token that was never given out; messages show only the beginning of a token.
    const std::string never(stolen.size(), 'A');
    const auto shown = [](const std::string& text) { return text.substr(0, 8) + "..."; };
    EXPECT_EQ(ShapeOf(answer, shown(stolen)), ShapeOf(ask(parent, never, thief), shown(never)));
    // Nor for another list, nor changed.
    std::string changed = stolen;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_THAT(ask(parent, changed, holder).status, HasReason(Reason::kPageTokenInvalid));
  }
  EXPECT_GT(tokens, 8);
}

// Ids that a caller chooses: what another calls its own is as free as any other.
TEST_F(ProberTest, AnIdThatAnotherUsesIsAsGoodAsAnyOther) {
  MakeCount();
  MakeOrder();
  MakeReservation();
  MakeWallet();
  MakeFunds();
  MakeDispute();
  MakeActivity();
  MakeEvidence();
  const auto existing = Existing();
  int ids = 0;
  for (const Method& method : methods_) {
    if (!method.ForPartners() || !method.descriptor->name().starts_with("Create")) continue;
    SCOPED_TRACE(method.path);
    const Descriptor* request_type = method.descriptor->input_type();
    std::vector<const FieldDescriptor*> id_fields;
    for (int f = 0; f < request_type->field_count(); ++f) {
      const FieldDescriptor* field = request_type->field(f);
      if (field->name().ends_with("_id") && field->name() != "request_id") id_fields.push_back(field);
    }
    if (id_fields.empty()) continue;
    // What the owner has made with this method, to be made again.
    const Descriptor* made = method.descriptor->output_type();
    std::unique_ptr<Message> body;
    std::string parent;
    std::set<std::string> used = {"no-such-thing"};
    for (const Method& get : methods_) {
      if (!get.descriptor->name().starts_with("Get") || get.descriptor->output_type() != made) continue;
      const auto named = existing.find(get.pattern_of_name);
      if (named == existing.end()) continue;
      for (const std::string& name : named->second) {
        const std::string owners = StrCat("partners/", kOwner, "/");
        if (!name.starts_with(owners)) continue;
        // An id that the asker uses itself is taken.
        if (named->second.contains(StrCat("partners/", kAsker, "/", name.substr(owners.size())))) continue;
        const std::unique_ptr<Message> request = New(get.descriptor->input_type());
        Set(request.get(), get.Field("name"), name);
        body = Call(get, *request, administrator_).reply;
        used.insert(name.substr(name.rfind('/') + 1));
        // Below the asker what the owner's lies in: "partners/{partner}", or a resource of that.
        const std::string within = name.substr(0, name.rfind('/', name.rfind('/') - 1));
        parent = StrCat("partners/", kAsker, within.substr(StrCat("partners/", kOwner).size()));
      }
    }
    // What neither the demo nor MakeCount makes cannot be made again.
    if (body == nullptr) continue;
    ASSERT_GT(used.size(), 1u);
    std::map<std::string, std::set<std::string>> shapes;  // by the field of the id
    for (const std::string& id : used) {
      for (const FieldDescriptor* field : id_fields) {
        const std::unique_ptr<Message> request = New(request_type);
        for (int b = 0; b < request_type->field_count(); ++b) {
          if (request_type->field(b)->message_type() != made) continue;
          Message* copy = request->GetReflection()->MutableMessage(request.get(), request_type->field(b));
          copy->CopyFrom(*body);
          Rename(copy, StrCat("partners/", kOwner, "/"), StrCat("partners/", kAsker, "/"));
          // What is given and never shown.
          if (const auto* number = made->FindFieldByName("account_number")) Set(copy, number, "DE89370400440532013000");
        }
        SetPath(request.get(), method.access.partner_field(), parent);
        Set(request.get(), field, id);
        request->GetReflection()->SetBool(request.get(), request_type->FindFieldByName("validate_only"), true);
        const Answer answer = Call(method, *request, asker_);
        // A claim rests on a request that the asker has not, a dispute on what the statement of the same number says:
        // refused alike whatever the id.
        const bool rests = made->name() == "Claim" || made->name() == "Dispute";
        if (!rests) EXPECT_THAT(answer.status, IsOk()) << id;
        for (const char* own : {"uid", "create_time", "update_time", "secret"}) {
          const auto* one = made->FindFieldByName(own);
          if (one != nullptr && answer.status.ok()) answer.reply->GetReflection()->ClearField(answer.reply.get(), one);
        }
        shapes[field->name()].insert(ShapeOf(answer, id));
        ++ids;
      }
    }
    for (const auto& [field, answers] : shapes)
      EXPECT_EQ(answers.size(), 1u) << field << ::testing::PrintToString(answers);
  }
  EXPECT_GT(ids, 1);
}

// What is another's below a resource of the vendor's: offers of leads, asked for as one's own.
TEST_F(ProberTest, AnothersOfferIsAnsweredAsOneThatIsNotThere) {
  const std::string offer = MakeLeadOffer();
  ASSERT_EQ(Generalize(offer), "leads/*/offers/*");
  int probed = 0;
  for (const Method& method : methods_) {
    if (!method.ForPartners() || method.access.partner_field() != "partner") continue;
    if (method.path.find(".LeadService/") == std::string::npos) continue;
    SCOPED_TRACE(method.path);
    const bool list = method.Field("parent") != nullptr;
    std::vector<std::string> asked = {list ? "leads/prober" : offer,
                                      list ? "leads/no-such-thing" : "leads/prober/offers/x",
                                      list ? "leads/none" : "leads/none/offers/x"};
    for (const bool own_word : {true, false}) {
      std::set<std::string> shapes;
      for (const std::string& one : asked) {
        const std::unique_ptr<Message> request = New(method.descriptor->input_type());
        Set(request.get(), method.Field(list ? "parent" : "name"), one);
        Set(request.get(), method.Field("partner"),
            own_word ? StrCat("partners/", kAsker) : StrCat("partners/", kOwner));
        if (method.Field("decline_reason") != nullptr) Set(request.get(), method.Field("decline_reason"), "no people");
        const Answer answer = Call(method, *request, asker_);
        if (!own_word) {
          EXPECT_THAT(answer.status, HasReason(Reason::kPermissionDenied));
        } else if (list) {
          EXPECT_THAT(answer.status, IsOk());
        } else {
          EXPECT_THAT(answer.status, HasReason(Reason::kNotFound));
        }
        shapes.insert(ShapeOf(answer, one));
        ++probed;
      }
      EXPECT_EQ(shapes.size(), 1u) << ::testing::PrintToString(shapes);
    }
  }
  EXPECT_EQ(probed, 24);
}

// Documents lie below no partner: another's is asked for by its own name.
TEST_F(ProberTest, AnothersDocumentIsAnsweredAsOneThatIsNotThere) {
  MakeDocument();
  for (const char* rpc : {"GetDocument", "DownloadDocument"}) {
    const auto method = std::find_if(methods_.begin(), methods_.end(),
                                     [&](const Method& one) { return one.descriptor->name() == rpc; });
    ASSERT_NE(method, methods_.end());
    for (const char* as : {kAsker, kOwner}) {
      std::set<std::string> shapes;
      for (const std::string& name : {std::string("documents/prober"), std::string("documents/no-such-thing")}) {
        const std::unique_ptr<Message> request = New(method->descriptor->input_type());
        Set(request.get(), method->Field("name"), name);
        Set(request.get(), method->Field("partner"), StrCat("partners/", as));
        const Answer answer = Call(*method, *request, asker_);
        EXPECT_THAT(answer.status,
                    HasReason(as == std::string(kAsker) ? Reason::kNotFound : Reason::kPermissionDenied));
        shapes.insert(ShapeOf(answer, name));
      }
      EXPECT_EQ(shapes.size(), 1u) << ::testing::PrintToString(shapes);
    }
    const std::unique_ptr<Message> own = New(method->descriptor->input_type());
    Set(own.get(), method->Field("name"), "documents/prober");
    Set(own.get(), method->Field("partner"), StrCat("partners/", kOwner));
    EXPECT_THAT(Call(*method, *own, owner_).status, IsOk());
  }
}

// Applications lie below no partner either.
TEST_F(ProberTest, AnothersApplicationIsAnsweredAsOneThatIsNotThere) {
  MakeApplication();
  int probed = 0;
  for (const Method& method : methods_) {
    if (method.path.find(".ApplicationService/") == std::string::npos || method.access.partner_field() != "partner" ||
        method.descriptor->name().starts_with("List")) {
      continue;
    }
    SCOPED_TRACE(method.path);
    const char* field = method.Field("name") != nullptr ? "name" : "application.name";
    for (const char* as : {kAsker, "prober-prospect"}) {
      std::set<std::string> shapes;
      for (const std::string& name : {std::string("applications/prober"), std::string("applications/no-such-thing")}) {
        const std::unique_ptr<Message> request = New(method.descriptor->input_type());
        SetPath(request.get(), field, name);
        Set(request.get(), method.Field("partner"), StrCat("partners/", as));
        const Answer answer = Call(method, *request, asker_);
        if (as != std::string(kAsker)) {
          EXPECT_THAT(answer.status, HasReason(Reason::kPermissionDenied));
        } else if (method.descriptor->name() != "UpdateApplication") {
          EXPECT_THAT(answer.status, HasReason(Reason::kNotFound));
        }
        EXPECT_FALSE(answer.status.ok());
        shapes.insert(ShapeOf(answer, name));
        ++probed;
      }
      EXPECT_EQ(shapes.size(), 1u) << ::testing::PrintToString(shapes);
    }
  }
  EXPECT_EQ(probed, 20);
}

}  // namespace
}  // namespace tributary::testing
