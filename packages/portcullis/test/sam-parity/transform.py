"""Prints a SAM template, given as a path, as the CloudFormation that the real transform (aws-sam-translator) makes of it."""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "none")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "none")

import boto3  # noqa: E402
from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

with open(sys.argv[1], encoding="utf-8") as source:
    template = yaml_parse(source.read())

# A parameter without default is given no value, as in a check without deployment.
made = Translator({}, Parser(), boto_session=boto3.Session(region_name="eu-west-1")).translate(template, {})
json.dump(made, sys.stdout, indent=1, sort_keys=True)
print()
