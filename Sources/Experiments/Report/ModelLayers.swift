import Models

/// The layers of a model that have parameters of their own, by path, with the parameters' shapes.
func layers(of model: any Module) -> [ReportContents.Layer] {
    var layers: [ReportContents.Layer] = []
    for (path, tensor) in model.parameters {
        let components = path.split(separator: ".")
        let owner = components.dropLast().joined(separator: ".")
        if layers.last?.name != owner {
            let kind = kind(of: model, at: components.dropLast())
            layers.append(.init(name: owner, kind: kind, shape: "", parameters: 0))
        }
        let shape = tensor.shape.map(String.init).joined(separator: " × ")
        let separator = layers[layers.count - 1].shape.isEmpty ? "" : " + "
        layers[layers.count - 1].shape += separator + (shape.isEmpty ? "1" : shape)
        layers[layers.count - 1].parameters += tensor.count
    }
    return layers
}

/// The type name of the part at a path, whose components are properties and array indices.
private func kind(of whole: Any, at path: ArraySlice<Substring>) -> String {
    var part = whole
    for component in path {
        let mirror = Mirror(reflecting: part)
        let isRow = mirror.displayStyle == .collection
        let child = mirror.children.enumerated().first { index, child in
            isRow ? "\(index)" == component : child.label.map { $0 == component } ?? false
        }
        guard let child else { return "" }
        part = child.element.value
    }
    return "\(type(of: part))".prefix { $0 != "<" }.description
}
