#include "incentive-service/programs/revision_proto.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "incentive-service/programs/revision.h"

namespace tributary::incentive {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A term with a value: an entry of a list of names stands for itself, whatever its position.
struct Term {
  std::string path;
  std::string entry;  // of a list of names
  std::string value;

  std::pair<std::string_view, std::string_view> key() const { return {path, entry}; }
};

void AddMessage(const Message& message, const std::string& path, std::vector<Term>* terms);

// What is one value to people.
bool AddKnown(const Message& message, const std::string& path, std::vector<Term>* terms) {
  if (const auto* decimal = dynamic_cast<const google::type::Decimal*>(&message)) {
    terms->push_back({path, "", decimal->value()});
  } else if (const auto* day = dynamic_cast<const google::type::Date*>(&message)) {
    const absl::StatusOr<Date> date = wire::FromProto(*day);
    terms->push_back({path, "", date.ok() ? date->ToString() : day->ShortDebugString()});
  } else {
    return false;
  }
  return true;
}

std::string ScalarText(const Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return StrCat(reflection.GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return StrCat(reflection.GetInt64(message, field));
    default:
      return "";  // programs have no others
  }
}

void AddField(const Message& message, const FieldDescriptor* field, const std::string& path, std::vector<Term>* terms) {
  const Reflection& reflection = *message.GetReflection();
  const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (!field->is_repeated()) {
    if (is_message) return AddMessage(reflection.GetMessage(message, field), path, terms);
    terms->push_back({path, "", ScalarText(message, field)});
    return;
  }
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    if (is_message) {
      AddMessage(reflection.GetRepeatedMessage(message, field, i), StrCat(path, "[", i, "]"), terms);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string entry = reflection.GetRepeatedString(message, field, i);
      terms->push_back({path, entry, entry});
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      const std::string entry = reflection.GetRepeatedEnum(message, field, i)->name();
      terms->push_back({path, entry, entry});
    }
  }
}

void AddMessage(const Message& message, const std::string& path, std::vector<Term>* terms) {
  if (AddKnown(message, path, terms)) return;
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    // A field that tells whether it is set is none where it is not.
    if (field->has_presence() && !message.GetReflection()->HasField(message, field)) continue;
    AddField(message, field, path.empty() ? field->name() : StrCat(path, ".", field->name()), terms);
  }
}

std::vector<Term> TermsOf(v1::Program program) {
  program.clear_name();
  program.clear_uid();
  program.clear_etag();
  program.clear_create_time();
  program.clear_update_time();
  program.clear_state();
  program.clear_terms_revisions();
  program.clear_fiscal_periods_end();
  program.clear_approval_task();
  std::vector<Term> terms;
  AddMessage(program, "", &terms);
  return terms;
}

}  // namespace

v1::Program ToRevisionProto(v1::Program program, const Program& revision) {
  program.set_name(RevisionNameOf(revision));
  return program;
}

std::vector<v1::TermDifference> DifferencesOf(const v1::Program& before, const v1::Program& after) {
  const std::vector<Term> old = TermsOf(before), now = TermsOf(after);
  std::map<std::pair<std::string_view, std::string_view>, const Term*> of_old, of_now;
  for (const Term& term : old) of_old.emplace(term.key(), &term);
  for (const Term& term : now) of_now.emplace(term.key(), &term);
  std::vector<v1::TermDifference> differences;
  const auto add = [&](const std::string& path, const std::string& was, const std::string& is) {
    if (was == is) return;
    v1::TermDifference& difference = differences.emplace_back();
    difference.set_field(path);
    difference.set_before(was);
    difference.set_after(is);
  };
  for (const Term& term : old) {
    const auto found = of_now.find(term.key());
    add(term.path, term.value, found == of_now.end() ? "" : found->second->value);
  }
  for (const Term& term : now) {
    if (!of_old.contains(term.key())) add(term.path, "", term.value);
  }
  return differences;
}

}  // namespace tributary::incentive
