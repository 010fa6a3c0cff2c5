// The bucket that several rules ask for, as one resource each: deployed once, shared by all services of an account and region.

export const sharedBucketTemplate = `# deployment-bucket.yml, deployed once for each account and region
Resources:
  DeploymentKey:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root' }
            Action: kms:*
            Resource: '*'
  DeploymentBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: !Sub acme-deployments-\${AWS::AccountId}-\${AWS::Region}
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: { SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt DeploymentKey.Arn }
            BucketKeyEnabled: true
      PublicAccessBlockConfiguration:
        { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true }
      VersioningConfiguration: { Status: Enabled }
      LifecycleConfiguration:
        Rules: [{ Status: Enabled, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }]
  DeploymentBucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref DeploymentBucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt DeploymentBucket.Arn, !Sub '\${DeploymentBucket.Arn}/*']
            Condition: { Bool: { aws:SecureTransport: 'false' } }`;

export const sharedBucketUse = `provider:
  deploymentBucket:
    name: acme-deployments-123456789012-eu-central-1
    serverSideEncryption: aws:kms
    sseKMSKeyId: arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
