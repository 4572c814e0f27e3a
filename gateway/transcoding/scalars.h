#pragma once

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace tributary::gateway {

// Whether JSON and URLs write the message as one text: Timestamp, Duration, FieldMask.
bool IsTextMessage(const google::protobuf::Descriptor& message);

// What a text for the field must be, for people: "a whole number from -2147483648 to 2147483647", "one of ACTIVE, ...".
std::string WantedBy(const google::protobuf::FieldDescriptor& field);

// Whether `text` is a value of the field's type (of one element where it is repeated): whole numbers by their digits
// alone and in range, enums by name or known number, true and false, base64, RFC 3339, ... No side effect.
bool Fits(const google::protobuf::FieldDescriptor& field, std::string_view text);

// Sets the field, or adds to it where it is repeated. False, and nothing done, where the text does not fit.
bool SetFromText(const google::protobuf::FieldDescriptor& field, std::string_view text,
                 google::protobuf::Message* message);

}  // namespace tributary::gateway
