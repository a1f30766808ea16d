import Autograd
import FileSupport

/// Models of earlier epochs, kept to see how training went.
extension TrainingRun {
    /// A model as it was after so many epochs, of which 0 is the beginning.
    public struct KeptModel: Hashable, Sendable {
        public let epoch: Int
        public let path: String
    }

    private static let folder = "epochs"
    private static let ending = ".safetensors"

    /// Keeps a model if the configuration asks for that of this epoch.
    func keep(_ model: some Module, after epoch: Int) throws(FileError) {
        guard let every = configuration.keptEvery, epoch % every == 0 else { return }
        try makeFolder(at: file(Self.folder))
        try model.save(to: file("\(Self.folder)/\(epoch)\(Self.ending)"))
    }

    /// The models that were kept of the epochs that are finished, in order.
    public func keptModels() throws(FileError) -> [KeptModel] {
        guard configuration.keptEvery != nil, let last = try history().last?.epoch else {
            return []
        }
        let folder = file(Self.folder)
        return try namesInFolder(at: folder).compactMap { name in
            guard name.hasSuffix(Self.ending), let epoch = Int(name.dropLast(Self.ending.count)),
                0...last ~= epoch
            else { return nil }
            return KeptModel(epoch: epoch, path: "\(folder)/\(name)")
        }.sorted { $0.epoch < $1.epoch }
    }
}
